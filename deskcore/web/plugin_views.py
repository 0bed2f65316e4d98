"""Pages that plugins bring: mounted below ``/p/<slug>``, each view with its right, or not at all.

A blueprint of which every view is for anybody is one for customers, and mounted below ``/c/<slug>``.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from flask import Blueprint, Flask
from flask.templating import _default_template_ctx_processor

from deskcore.plugin.active import plugins
from deskcore.plugin.faults import PluginFailed
from deskcore.services import access
from deskcore.web.guards import access_of
from deskcore.web.plugin_calls import enclose
from deskcore.web.plugin_rules import objections
from deskcore.web.public_paths import OF_PLUGINS


class Unguarded(ValueError):
    """A view of a plugin names no right, or one that nobody declared, or breaks another rule."""


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
    if _reaches_beyond(trial):
        raise Unguarded("Its pages do something on every page of the desk; they may on their own.")
    asks = {endpoint: access_of(view) for endpoint, view in trial.view_functions.items()}
    is_public = all(asked is not None and asked.kind == "public" for asked in asks.values())
    for endpoint, asked in asks.items():
        if asked is None or not (is_public or _is_right(slug, asked.permission)):
            named = f" ({asked.permission})" if asked else ""
            raise Unguarded(
                f"The view {endpoint} says no right that the desk or the plugin has{named}."
            )
    for objection in objections(slug, blueprint, trial):
        raise Unguarded(objection)
    home = OF_PLUGINS if is_public else "/p"
    app.register_blueprint(blueprint, url_prefix=f"{home}/{slug}")
    enclose(app, slug, blueprint.name)


def _reaches_beyond(trial: Flask) -> bool:
    """Whether a blueprint does anything outside its own pages, where no guard stands around it."""
    everywhere = (
        trial.before_request_funcs,
        trial.after_request_funcs,
        trial.teardown_request_funcs,
        trial.url_value_preprocessors,
        trial.url_default_functions,
    )
    return (
        any(found.get(None) for found in everywhere)
        or any(trial.error_handler_spec[None].values())
        or trial.template_context_processors[None] != [_default_template_ctx_processor]
        or "jinja_env" in vars(trial)  # made when a blueprint adds to it
    )


def _is_right(slug: str, permission: str) -> bool:
    """Whether a right is the desk's or the plugin's own: another plugin may be gone tomorrow."""
    owned = plugins().registry.permissions.get(permission)
    return permission in access.PERMISSIONS or (owned is not None and owned.slug == slug)
