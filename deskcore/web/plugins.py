"""The plugins: list, page of one, and the buttons that switch them. Drawn by core alone."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from deskcore.domain.kinds import PluginState
from deskcore.errors import Conflict, NotFound
from deskcore.plugin.forms import form_for, form_values, from_form
from deskcore.plugin.orders import Outcome, What
from deskcore.plugin.settings import PluginSettings
from deskcore.services import (
    access,
    plugin_life,
    plugin_pages,
    plugin_settings,
    roles,
    settings_checks,
)
from deskcore.services.plugin_pages import PluginLine
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.confirming import asks_password
from deskcore.web.forms.base import UNPROCESSABLE, DeskForm, SettingsForm, submit, translate
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.plugin_words import DONE, SHOWN, places
from deskcore.web.renewed import await_successor

blueprint = Blueprint("plugins", __name__, url_prefix="/admin/plugins")


@blueprint.get("")
@needs("plugins.manage")
def index() -> Response:
    """List the plugins, those in trouble first; ``show`` names some of them."""
    shown = request.args.get("show", "")
    lines = plugin_pages.plugin_lines(current_actor())
    wanted = SHOWN.get(shown)
    context = {
        "plugins": [line for line in lines if wanted is None or wanted(line)],
        "total": len(lines),
        "shown": shown if wanted else "",
        **plugin_pages.surroundings(),
    }
    return page("admin/plugins.html", context)


@blueprint.get("/<slug>")
@needs("plugins.manage")
def show(slug: str) -> Response:
    """Show one plugin: what it may, where it takes part, what it failed at."""
    return _page(plugin_pages.plugin_line(current_actor(), slug))


@blueprint.post("/<slug>/activate")
@needs("plugins.manage")
def activate(slug: str) -> Response:
    """Try it, make its tables, and have it run."""
    return _switch(slug, "activate")


@blueprint.post("/<slug>/resume")
@needs("plugins.manage")
def resume(slug: str) -> Response:
    """Let a paused one work again."""
    return _switch(slug, "resume")


@blueprint.post("/<slug>/upgrade")
@needs("plugins.manage")
def upgrade(slug: str) -> Response:
    """Bring it to the version that lies in its folder."""
    return _switch(slug, "upgrade")


@blueprint.post("/<slug>/deactivate")
@needs("plugins.manage")
def deactivate(slug: str) -> Response:
    """Have it run no more; everything it stored stays."""
    return _switch(slug, "deactivate")


@blueprint.post("/<slug>/pause")
@needs("plugins.manage")
def pause(slug: str) -> Response:
    """Leave it alone at once."""
    plugin_life.pause(current_actor(), slug)
    return _switched(slug, "pause")


@blueprint.get("/<slug>/uninstall")
@needs("plugins.manage")
def ask_uninstall(slug: str) -> Response:
    """Show what would be removed."""
    return _uninstall_page(slug)


@blueprint.post("/<slug>/uninstall")
@needs("plugins.manage")
@asks_password
def uninstall(slug: str) -> Response:
    """Remove everything it stored, when its short name was typed."""
    if request.form.get("slug", "").strip() != slug:
        return _uninstall_page(slug, wrong=True)
    outcome = plugin_life.switch(current_actor(), slug, "uninstall")
    if not outcome.is_done:
        return _page(plugin_pages.plugin_line(current_actor(), slug), outcome)
    _say(slug, "uninstall", outcome.remark)
    return htmx.redirect(url_for("plugins.index"))


@blueprint.post("/<slug>/settings")
@needs("plugins.manage")
def change_settings(slug: str) -> Response:
    """Store what the plugin's settings were changed to."""
    actor, kind = current_actor(), plugin_settings.declared(slug)
    if kind is None:
        raise NotFound(_("This plugin has no settings here."))
    form = settings_form(slug, kind)
    current = plugin_settings.settings_of(slug, kind)
    keep = settings_checks.change_checked
    if "untried" in request.form:
        keep = plugin_settings.change_settings
    done = submit(form, lambda: keep(actor, slug, from_form(kind, form, current=current)))
    if done is None:
        return _page(plugin_pages.plugin_line(actor, slug), form=form)
    changed = done.result
    toast(ngettext("%(num)s setting changed.", "%(num)s settings changed.", changed))
    return htmx.redirect(url_for("plugins.show", slug=slug))


def settings_form(slug: str, kind: type[PluginSettings]) -> DeskForm:
    """Make the form of a plugin's settings as they are, in the reader's language."""
    current = plugin_settings.settings_of(slug, kind)
    made = cast("type[DeskForm]", form_for(kind, current=current, base=SettingsForm))
    form = made(data=form_values(current))
    translate(form)
    return form


def _switch(slug: str, what: What) -> Response:
    actor = current_actor()
    plugin_pages.plugin_line(actor, slug)  # not found, before a process is started for it
    outcome = plugin_life.switch(actor, slug, what)
    if outcome.is_done:
        return _switched(slug, what, outcome.remark)
    if what == "upgrade":
        await_successor()  # it is paused
    return _page(plugin_pages.plugin_line(actor, slug), outcome)


def _switched(slug: str, what: str, remark: str = "") -> Response:
    if await_successor():
        _say(slug, what, remark)
    else:
        toast(_("It is stored, but the desk could not be renewed yet. It tries again by itself."))
    return htmx.redirect(url_for("plugins.show", slug=slug))


def _say(slug: str, what: str, remark: str) -> None:
    toast(str(DONE[what]) % {"name": slug})
    if remark:
        toast(remark, kind="bad")


def _page(
    line: PluginLine, outcome: Outcome | None = None, *, form: DeskForm | None = None
) -> Response:
    kind = plugin_settings.declared(line.slug)
    context = {
        "plugin": line,
        "outcome": outcome,
        "form": form or (settings_form(line.slug, kind) if kind else None),
        "is_tried": kind is not None and kind.can_be_checked(),
        "has_history": access.can(current_actor(), "audit.read"),
        "places": places(
            line.slug, plugin_pages.places(line.slug), *plugin_pages.example(current_actor())
        ),
        "rights": roles.rights_of(line.slug),
        **plugin_pages.surroundings(),
    }
    if outcome is None and form is None:
        return page("admin/plugin.html", context)
    response = page("admin/plugin.html", context, fragment="main", status=UNPROCESSABLE)
    return htmx.retarget(response, "#main") if htmx.is_partial() else response


def _uninstall_page(slug: str, *, wrong: bool = False) -> Response:
    actor = current_actor()
    line = plugin_pages.plugin_line(actor, slug)
    if line.state == PluginState.ACTIVE:
        raise Conflict(_("It is active. Deactivate it first; nothing was removed."))
    context = {"plugin": line, "stored": plugin_pages.stored(actor, slug), "is_wrong": wrong}
    return page("admin/uninstall.html", context, status=UNPROCESSABLE if wrong else 200)
