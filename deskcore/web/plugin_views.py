"""Pages that plugins bring: mounted below ``/p/<slug>``, each view with its right, or not at all."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from flask import Blueprint, Flask

from deskcore.plugin.active import plugins
from deskcore.plugin.faults import PluginFailed
from deskcore.services import access
from deskcore.web.guards import access_of


class Unguarded(ValueError):
    """A view of a plugin names no right, or one that nobody declared."""


def init_plugin_views(app: Flask) -> None:
    """Mount the blueprints of every plugin; one that cannot be leaves the others and the desk up."""
    for owned in plugins().registry.blueprints.all():
        mount = partial(_mount, app, owned.slug, owned.item)
        with suppress(PluginFailed):
            plugins().guard.call(owned.slug, "desk_blueprints", mount)


def _mount(app: Flask, slug: str, blueprint: Blueprint) -> None:
    """Try a blueprint on an app of its own first: what is registered cannot be taken back."""
    trial = Flask("trial", static_folder=None)
    trial.register_blueprint(blueprint, url_prefix=f"/p/{slug}")
    for endpoint, view in trial.view_functions.items():
        asked = access_of(view)
        if asked is None or not _is_right(slug, asked.permission):
            named = f" ({asked.permission})" if asked else ""
            raise Unguarded(
                f"The view {endpoint} says no right that the desk or the plugin has{named}."
            )
    app.register_blueprint(blueprint, url_prefix=f"/p/{slug}")


def _is_right(slug: str, permission: str) -> bool:
    """Whether a right is the desk's or the plugin's own: another plugin may be gone tomorrow."""
    owned = plugins().registry.permissions.get(permission)
    return permission in access.PERMISSIONS or (owned is not None and owned.slug == slug)
