"""Who asks: the glue between Flask-Login, the session cookie and the services' sessions.

The signed cookie holds nothing but a random session id; everything else is looked up.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import flask_babel
import flask_login
from flask import Flask, Request, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature

from deskcore import i18n
from deskcore.domain.accounts import HalfWay, SignedInUser
from deskcore.domain.people import Actor
from deskcore.errors import NotAllowed
from deskcore.plugin.catalogues import catalogues
from deskcore.services import coming_in, rescue_key, seeing, sessions
from deskcore.services.desk_settings import DeskSettings, desk_settings
from deskcore.web.public_paths import asked_language, is_public

RESCUE_VISIT = "rescue"
_LANGUAGE = "language"
SEEN_AS = "seen_as"  # the id of whom this browser looks as


@dataclass(frozen=True)
class _Visitor:
    """A signed-in user in the form Flask-Login wants; its id is the session's secret id."""

    token: str
    user: SignedInUser | None = None
    is_active = True
    is_anonymous = False
    is_authenticated = True

    def get_id(self) -> str:
        return self.token


class _Cookies(SecureCookieSessionInterface):
    """The signed cookie, believed whenever it was made: its session's row knows how old it is.

    Signatures from the future are refused otherwise, so that a clock that is put right signs
    everybody out.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie; one that is not ours is none."""
        serializer = self.get_signing_serializer(app)
        if serializer is None:
            return None
        try:
            kept = serializer.loads(request.cookies.get(self.get_cookie_name(app), ""))
        except BadSignature:
            kept = {}
        return self.session_class(kept)


def init_identity(app: Flask) -> None:
    """Recognise signed-in people on every request, and choose language and zone by them."""
    app.session_interface = _Cookies()
    manager = flask_login.LoginManager()
    # Sessions are rows that can be ended; tying them to an address would end them on every train.
    manager.session_protection = None
    manager.user_loader(_load)
    manager.init_app(app)
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(seconds=sessions.LIFE.total_seconds())
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.before_request(_know_who_changes)
    brought = partial(catalogues, app.extensions["desk_plugins"])
    i18n.init_app(app, language=language, zone=time_zone, further=brought)


def signed_in_user() -> SignedInUser | None:
    """Return who is signed in, None for a stranger."""
    return getattr(flask_login.current_user, "user", None)


def is_rescuing() -> bool:
    """Whether this browser came in by the rescue key; needs no database."""
    return rescue_key.is_visiting(session.get(RESCUE_VISIT, ""))


def half_way() -> HalfWay | None:
    """Return who has shown the password in this browser and still owes a second factor."""
    if g.get("desk_is_away"):
        return None
    token = session.get("_user_id", "")
    known = g.get("desk_half_way")
    if known is None or known[0] != token:
        g.desk_half_way = known = (token, coming_in.half_way(token) if token else None)
    found: HalfWay | None = known[1]
    return found


def current_user() -> SignedInUser:
    """Return who is signed in; raises NotAllowed for a stranger."""
    user = signed_in_user()
    if user is None:
        raise NotAllowed(i18n._("Sign in first."))
    return user


def current_actor() -> Actor:
    """Return the actor that services want; raises NotAllowed for a stranger."""
    return current_user().actor


def welcome(token: str, *, remember: bool = False) -> None:
    """Give this browser the session *token*; nothing of its cookie from before stays.

    With *remember* the cookie outlives the browser's window, never the session's own life.
    """
    session.clear()
    session.permanent = remember
    flask_login.login_user(_Visitor(token))


def farewell() -> None:
    """Take the session away from this browser."""
    flask_login.logout_user()
    session.clear()


def this_desk() -> DeskSettings:
    """Return the desk's settings, read once a request."""
    if "desk_settings" not in g:
        g.desk_settings = desk_settings()
    found: DeskSettings = g.desk_settings
    return found


def language() -> str:
    """Choose the language: the user's, else this browser's choice, its wishes, the desk's."""
    if not request:
        return i18n.DEFAULT_LANGUAGE
    if is_public():
        return asked_language() or browser_language() or _known_language()
    user = signed_in_user() or half_way()
    if user and user.language:
        return user.language
    chosen = session.get(_LANGUAGE, "")
    if chosen in i18n.LANGUAGES:
        return str(chosen)
    return browser_language() or this_desk().language


def expect_language(wanted: str) -> None:
    """Use a customer's language on this page, unless they or their browser ask for another."""
    if wanted in i18n.LANGUAGES:
        g.desk_expected_language = wanted
        g.pop("desk_reader", None)
        flask_babel.refresh()


def choose_language(wanted: str) -> None:
    """Remember a stranger's choice of language in this browser."""
    if wanted in i18n.LANGUAGES:
        session[_LANGUAGE] = wanted


def browser_language() -> str | None:
    """Return the first of the browser's languages that the desk speaks."""
    wishes = (i18n.language_of(wish) for wish in request.accept_languages.values())
    return next((wish for wish in wishes if wish), None)


def time_zone() -> str:
    """Choose the zone: the user's, else the desk's."""
    if not request or g.get("desk_is_away"):
        return i18n.DEFAULT_ZONE
    user = None if is_public() else signed_in_user()
    return (user.time_zone if user else "") or this_desk().time_zone


def _known_language() -> str:
    if g.get("desk_is_away"):
        return i18n.DEFAULT_LANGUAGE
    return str(g.get("desk_expected_language") or this_desk().language)


def client_address() -> str:
    """Return the address that asks, as told by the proxies we trust and nobody else."""
    return request.remote_addr or ""


def user_agent() -> str:
    """Return how the browser calls itself."""
    return request.user_agent.string


def own_path(wanted: str, default: str = "/") -> str:
    """Return *wanted* when it is a path of this desk, else *default*: never send people away."""
    is_plain = wanted.isprintable() and "\\" not in wanted
    # Two slashes begin the name of a machine; one begins a path, whatever follows.
    return wanted if is_plain and wanted.startswith("/") and wanted[1:2] != "/" else default


def wanted_path() -> str:
    """Return where the person wanted to go before signing in, inside this desk."""
    wanted = own_path(request.values.get("next", "/"))
    return "/" if wanted.startswith(("/sign-in", "/sign-out")) else wanted


def _know_who_changes() -> None:
    """Look the person up before a service begins to write.

    To recognise somebody may write that they were seen, which cannot be done in the middle of
    another unit of work, and the first who asks there may be a refusal that chooses its language.
    """
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        signed_in_user()


def _load(token: str) -> _Visitor | None:
    if g.get("desk_is_away"):
        return None
    user = sessions.resume(token)
    seen_id = session.get(SEEN_AS)
    if user and seen_id:
        user = seeing.seen_as(user, seen_id) or user
    return _Visitor(token, user) if user else None
