"""What holds for every page that customers see: its policy, its language, what stands around it.

It needs no script and no account, and never tells other sites where somebody came from.
"""

from __future__ import annotations

from flask import Flask, Response, g, request
from flask_babel import get_locale

from deskcore.domain.public_views import LanguageLink, PublicError, Site
from deskcore.errors import NotFound
from deskcore.i18n import LANGUAGES, _, lazy_gettext
from deskcore.services import notice_sender, setup
from deskcore.services.public_settings import PublicSettings, public_settings
from deskcore.web.identity import this_desk
from deskcore.web.looks import public_look
from deskcore.web.public_paths import LANGUAGE_COOKIE, is_public
from deskcore.web.security import use_surface

HOME = "/help"
_ONE_YEAR_S = 31_536_000
# What customers are told instead of what agents are.
_WORDS = {
    404: (
        lazy_gettext("There is no page here"),
        lazy_gettext(
            "The link may have been cut short, or it has ended. Write to us if you miss it."
        ),
    ),
    503: (
        lazy_gettext("We will be back in a moment"),
        lazy_gettext("The desk is being looked after. Nothing was lost; try again in a minute."),
    ),
}


def init_public(app: Flask) -> None:
    """Give every answer under a public address, errors too, the policy of the surface."""
    app.before_request(_enter)
    app.after_request(_leave)


def this_public() -> PublicSettings:
    """Return the public side's settings, read once a request."""
    if "desk_public" not in g:
        g.desk_public = public_settings()
    found: PublicSettings = g.desk_public
    return found


def is_open() -> bool:
    """Whether the desk has an owner, who has not closed the public side."""
    return setup.is_set_up() and this_public().is_on


def refuse_closed() -> None:
    """Raise NotFound while the public side is closed: nobody need know that there is one."""
    if not is_open():
        raise NotFound(_("There is no page here"))


def site() -> Site:
    """Return what stands around every page; asks nothing of a database that is away."""
    is_away = bool(g.get("desk_is_away"))
    return Site(
        name="" if is_away else this_desk().name,
        home_url=HOME if not is_away and is_open() else "",
        requests_url="/requests" if not is_away and is_open() and notice_sender.can_send() else "",
        languages=tuple(_language(code, name) for code, name in LANGUAGES.items()),
        look=public_look(),
    )


def error_context(status: int, *, title: str, text: str, number: str) -> dict[str, object]:
    """Return the context of ``public/error.html``."""
    title, text = map(str, _WORDS.get(status, (title, text)))
    retry = request.full_path.rstrip("?") if request.method == "GET" else ""
    error = PublicError(status=status, title=title, text=text, number=number, retry_url=retry)
    return {"site": site(), "error": error}


def _language(code: str, name: str) -> LanguageLink:
    return LanguageLink(
        code=code,
        name=name,
        url=f"{request.path}?lang={code}",
        is_current=code == str(get_locale()),
    )


def _enter() -> None:
    if is_public():
        use_surface("public")


def _leave(response: Response) -> Response:
    """Keep the choice of language in the browser, and what is private out of search engines."""
    if not is_public():
        return response
    chosen = request.args.get("lang", "")
    if chosen in LANGUAGES:
        response.set_cookie(
            LANGUAGE_COOKIE,
            chosen,
            max_age=_ONE_YEAR_S,
            secure=request.is_secure,
            httponly=True,
            samesite="Lax",
        )
    if request.path != HOME:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
