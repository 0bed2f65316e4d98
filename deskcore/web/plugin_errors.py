"""A page of a plugin that fails: the desk around it stays, and says which plugin it was."""

from __future__ import annotations

from functools import partial
from typing import Never

from flask import Flask, Response, request, url_for

from deskcore.i18n import _
from deskcore.logs import get_logger
from deskcore.plugin.active import plugins
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import Crowded, Resting
from deskcore.services import access, left_open, unit
from deskcore.theme.pages import failed_part, page_or_plain
from deskcore.web import htmx
from deskcore.web.errors import error_answer, request_id, unexpected_answer
from deskcore.web.identity import signed_in_user
from deskcore.web.public_paths import is_public

log = get_logger(__name__)


def init_plugin_errors(app: Flask) -> None:
    """Answer what plugins fail at with a page that names them."""
    app.register_error_handler(PluginFailed, _on_failed)
    app.register_error_handler(Resting, _on_resting)
    app.register_error_handler(Exception, _on_unexpected)
    app.teardown_request(_end_left_open)


def _on_failed(failed: PluginFailed) -> Response:
    log.warning("a page of a plugin failed", plugin=failed.fault.slug, request_id=request_id())
    text = _(
        "The desk itself works. What the plugin did up to here may be done by half; look before "
        "you try again. An administrator finds the mistake on the plugin's page."
    )
    title = _("The plugin %(name)s made a mistake", name=_name(failed.fault.slug))
    return _answer(500, failed.fault.slug, title, text)


def _on_resting(resting: Resting) -> Response:
    slug = str(resting)
    if isinstance(resting, Crowded):
        text = _(
            "Everything it was asked before has not come back yet, so it was not asked. Nothing "
            "was changed. Try again in a moment; when it stays so, an administrator can pause it."
        )
        return _answer(503, slug, _("The plugin %(name)s does not answer", name=_name(slug)), text)
    text = _("It failed too often. Nothing was changed. An administrator can let it work again.")
    return _answer(503, slug, _("The plugin %(name)s is paused", name=_name(slug)), text)


def _on_unexpected(error: Exception) -> Response:
    """Hold against a plugin what the functions around its views raise, which no guard stands by."""
    slug = _owner()
    if not slug:
        return unexpected_answer(error)
    place = f"page {request.endpoint}"
    try:
        plugins().guard.call(slug, place, partial(_raise, error), patience="page")
    except PluginFailed as failed:
        return _on_failed(failed)
    except Resting as resting:
        return _on_resting(resting)


def _end_left_open(_error: BaseException | None) -> None:
    """End what the functions around a plugin's views began and left open, and name it."""
    left = unit.current()
    if left is not None:
        left_open.end_left(_owner(), f"page {request.endpoint}", left)


def _owner() -> str:
    """Name the plugin whose page is asked for; empty when it is one of the desk's own."""
    found = map(plugins().registry.blueprints.get, request.blueprints)
    return next((owned.slug for owned in found if owned is not None), "")


def _raise(error: Exception) -> Never:
    raise error


def _answer(status: int, slug: str, title: str, text: str) -> Response:
    user = None if is_public() else signed_in_user()
    if user is None or (htmx.is_partial() and request.method != "GET"):
        return error_answer(status, text=f"{title}. {text}")  # a form stays as it was filled in
    is_admin = access.can(user.actor, "plugins.manage")
    told = {
        "title": title,
        "text": text,
        "request_id": request_id(),
        "plugin_url": url_for("plugins.show", slug=slug) if is_admin else "",
    }
    if htmx.is_partial():
        return failed_part("errors/_plugin.html", told, status=status)
    plain = f"{title}\n{request_id()}\n"
    return page_or_plain("errors/plugin.html", lambda: told, plain=plain, status=status)


def _name(slug: str) -> str:
    manifest = plugins().manifests.get(slug)
    return manifest.name if manifest is not None else slug
