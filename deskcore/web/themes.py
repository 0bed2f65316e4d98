"""The themes: cards of all, the page of one, its check and the button that wears it.

Drawn by core alone, whatever the desk wears.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, current_app, url_for
from flask_babel import gettext as _

from deskcore.domain.kinds import ThemeState
from deskcore.errors import Conflict
from deskcore.i18n import lazy_gettext
from deskcore.services import access, theme_checks, theme_life
from deskcore.services.theme_checks import ThemeFinding
from deskcore.theme import shelf
from deskcore.theme.pages import page
from deskcore.theme.shelf import ThemeLine
from deskcore.theme.toasts import toast
from deskcore.theme.wearing import wardrobe
from deskcore.web import htmx
from deskcore.web.forms.base import UNPROCESSABLE
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.renewed import await_successor

blueprint = Blueprint("themes", __name__, url_prefix="/admin/themes")

STATES = {
    ThemeState.ACTIVE: (lazy_gettext("Active"), "ok"),
    ThemeState.SUSPENDED: (lazy_gettext("Suspended"), "bad"),
    ThemeState.FOUND: (lazy_gettext("Not in use"), ""),
    ThemeState.INVALID: (lazy_gettext("Cannot be used"), "bad"),
    ThemeState.INCOMPATIBLE: (lazy_gettext("Made for another version"), "warn"),
}
SURFACES = {
    "public": lazy_gettext("Pages for customers"),
    "mail": lazy_gettext("Mail to customers"),
    "agent": lazy_gettext("Pages of agents"),
}
LEVELS = {
    "error": (lazy_gettext("Error"), "bad"),
    "warning": (lazy_gettext("Warning"), "warn"),
    "note": (lazy_gettext("Note"), ""),
}


@blueprint.get("")
@needs(theme_life.RIGHT)
def index() -> Response:
    """Show every theme as a card, the worn one first."""
    context = {
        "themes": shelf.theme_lines(current_actor()),
        "states": STATES,
        "is_safe": not wardrobe().is_loaded,
        "portrait": _portrait,
    }
    return page("admin/themes.html", context)


@blueprint.get("/<slug>")
@needs(theme_life.RIGHT)
def show(slug: str) -> Response:
    """Show one theme: what it dresses, what stands against it, what it failed at."""
    return _page(shelf.theme_line(current_actor(), slug))


@blueprint.post("/<slug>/check")
@needs(theme_life.RIGHT)
def check(slug: str) -> Response:
    """Look through a theme, and show what was found."""
    line = _usable(slug)
    return _page(line, theme_life.check(current_actor(), line.found.folder))


@blueprint.post("/<slug>/activate")
@needs(theme_life.RIGHT)
def activate(slug: str) -> Response:
    """Wear a theme unless its check finds an error."""
    line = _usable(slug)
    findings = theme_life.activate(current_actor(), slug, line.found.folder)
    if theme_checks.errors(findings):
        return _page(line, findings, status=UNPROCESSABLE)
    if await_successor():
        toast(_("The desk wears %(name)s now.", name=line.found.name))
    else:
        toast(_("It is stored, but the desk could not be renewed yet. It tries again by itself."))
    return htmx.redirect(url_for("themes.show", slug=slug))


def _usable(slug: str) -> ThemeLine:
    line = shelf.theme_line(current_actor(), slug)
    if line.found.problem:
        raise Conflict(line.found.problem)
    return line


def _page(
    line: ThemeLine, findings: Sequence[ThemeFinding] | None = None, *, status: int = 200
) -> Response:
    context = {
        "theme": line,
        "findings": findings,
        "is_refused": status == UNPROCESSABLE,
        "states": STATES,
        "surfaces": SURFACES,
        "levels": LEVELS,
        "portrait": _portrait(line),
        "has_history": access.can(current_actor(), "audit.read"),
    }
    if findings is None:
        return page("admin/theme.html", context)
    response = page("admin/theme.html", context, fragment="main", status=status)
    return htmx.retarget(response, "#main") if htmx.is_partial() else response


def _portrait(line: ThemeLine) -> str:
    """Return the address of a theme's screenshot; one dropped in just now has none yet."""
    assets = current_app.extensions["desk_assets"]
    return str(assets.url(line.portrait)) if assets.has(line.portrait) else ""
