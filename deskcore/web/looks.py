"""Says how this page looks: which sheet it names, what stands around what customers see.

Which look is shown stands among the desk's settings, so a page names the new sheet from the moment
it is published, whichever process answers. ``?look=draft`` shows an owner the draft on any page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from flask import Flask, g, request, url_for
from flask_babel import get_locale

from deskcore.domain.appearance import Appearance, from_text
from deskcore.domain.people import Actor
from deskcore.domain.public_views import PublicLook
from deskcore.services import access, appearance
from deskcore.theme.looks import AGENT, PLAIN, PUBLIC, sheet_of
from deskcore.web.bare import is_bare
from deskcore.web.dressing import AGENT_AREAS
from deskcore.web.identity import signed_in_user, this_desk
from deskcore.web.public_paths import is_public
from deskcore.web.security import use_surface

DRAFT = "draft"


def init_looks(app: Flask) -> None:
    """Let pages of *app* name their sheet, and owners look at the draft in a frame of the desk."""
    app.before_request(_let_frame)
    app.jinja_env.globals["look_url"] = look_url


def is_previewing() -> bool:
    """Whether this page is shown with the draft: an owner asked for it by ``?look=draft``."""
    if "desk_previewing" not in g:
        g.desk_previewing = (
            request.method == "GET"
            and request.args.get("look") == DRAFT
            and (user := signed_in_user()) is not None
            and access.can(user.actor, appearance.PERMISSION)
        )
    return cast("bool", g.desk_previewing)


def look_url() -> str:
    """Return the address of this page's sheet, empty where it has none."""
    if is_bare() or g.get("desk_is_away"):
        return ""
    surface = _surface()
    if is_previewing():
        version = appearance.draft(_owner()).version
        return url_for("customize.draft_sheet", surface=surface, v=version)
    found = sheet_of(surface, appearance.text_of_look(this_desk().look))
    return "" if found.is_empty else url_for("looks.sheet", digest=found.digest, surface=surface)


def public_look() -> PublicLook:
    """Return what the owner chose for pages that customers see."""
    if g.get("desk_is_away"):
        return PublicLook()
    chosen = _shown()
    return PublicLook(
        sheet_url=look_url(),
        scheme=chosen.scheme,
        density=chosen.density,
        logo_url=url_for("looks.logo", digest=chosen.logo) if chosen.logo else "",
        header=_in_language(chosen.header),
        footer=_in_language(chosen.footer),
    )


def _let_frame() -> None:
    if is_previewing() and not is_public():
        use_surface("framed")


def _surface() -> str:
    if is_public():
        return PUBLIC
    return AGENT if request.blueprint in AGENT_AREAS else PLAIN


def _shown() -> Appearance:
    if is_previewing():
        return appearance.draft(_owner()).appearance
    text = appearance.text_of_look(this_desk().look)
    return from_text(text) if text else Appearance()


def _owner() -> Actor:
    user = signed_in_user()
    assert user is not None  # noqa: S101  is_previewing has asked
    return user.actor


def _in_language(texts: Mapping[str, str]) -> str:
    """Choose the reader's language, else the desk's, else whichever there is."""
    wanted = (str(get_locale()), this_desk().language, *texts)
    return next((texts[code] for code in wanted if texts.get(code)), "")
