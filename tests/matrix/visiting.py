"""One kind of person before the desk: a browser whose cookie stays as it was at sign-in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from deskcore import clock
from deskcore.domain.people import SYSTEM
from deskcore.models import UserSession
from deskcore.services import second_factor, sessions, tokens
from deskcore.services.unit import unit_of_work
from tests.matrix.world import HALF_WAY, PEOPLE, World
from tests.statements import statements
from tests.web.conftest import Visitor as Browser

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
# When a session was last used is written down now and then, whatever is asked for.
_OF_VISITS = "UPDATE user_session"
_CHANGING = re.compile(
    r'name="(?:csrf_token|form_key)" value="[^"]+"|"X-CSRFToken": *"[^"]+"|csrf[-_]token[^>]*'
)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back, with the words kept for the next page read out of the cookie."""

    status: int
    headers: dict[str, str]
    body: str
    said: str = ""
    statements: int = 0
    """What the database was asked, which is nearly all of the time an answer takes."""

    @property
    def everything(self) -> str:
        """All of it in small letters, to look for markers in."""
        return "\n".join((self.body, self.said, *self.headers.values())).lower()

    def alike(self, path: str) -> tuple[int, str, tuple[str, ...], str]:
        """Return what must not differ between two objects at *path*: all but ids and tokens."""
        body = _CHANGING.sub("", self.body.replace(self.headers["X-Request-Id"], ""))
        for form in (path, escape(path), quote(path, safe=""), quote(path)):
            body = body.replace(form, "")
        return self.status, body, tuple(sorted(set(self.headers) - {"Content-Length"})), self.said


@dataclass(kw_only=True)
class Visitor:
    """A browser of *role*; nothing an answer sets is kept, so every request starts alike."""

    role: str
    app: Flask
    client: FlaskClient
    cookie: str
    token: str

    def get(self, path: str, *, is_partial: bool = False) -> Answer:
        """Ask for a page or a part of it."""
        return self._ask("GET", path, PARTIAL if is_partial else {})

    def post(self, path: str, form: Mapping[str, Any], *, is_partial: bool = False) -> Answer:
        """Send a form with the token of the session."""
        data = {**form, "csrf_token": self.token}
        return self._ask("POST", path, PARTIAL if is_partial else {}, data=data)

    def _ask(self, method: str, path: str, headers: Mapping[str, str], **more: Any) -> Answer:
        with self.app.app_context(), statements() as asked:
            answer = self.client.open(
                path, method=method, headers={**headers, "Cookie": self.cookie}, **more
            )
        body = answer.get_data(as_text=True) if _is_text(answer) else repr(answer.data)
        answer.close()
        return Answer(
            status=answer.status_code,
            headers={name: value for name, value in answer.headers if name != "Set-Cookie"},
            body=body,
            said=str(self._kept(answer.headers.getlist("Set-Cookie"))),
            statements=sum(not one.startswith(_OF_VISITS) for one in asked),
        )

    def _kept(self, cookies: list[str]) -> object:
        """Return the words that wait in the session cookie for the next page."""
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]  # Flask's own
        for cookie in cookies:
            name, _, value = cookie.partition(";")[0].partition("=")
            # The choice of a language on the pages for customers is a cookie of its own.
            is_session = name == self.app.config["SESSION_COOKIE_NAME"]
            if value and is_session and serializer is not None:
                return serializer.loads(value).get("_flashes", "")
        return ""


def arrive(app: Flask, world: World, role: str) -> Visitor:
    """Return the browser of *role*; those who may come in have signed in by the form."""
    browser = Browser(app.test_client())
    browser.get("/sign-in")
    if role in PEOPLE:
        browser.sign_in(world.emails[role])
    elif role in HALF_WAY | {"deactivated", "ended"}:
        _leave_a_session(browser, world, role)
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = browser.client.get_cookie(name)
    assert cookie is not None
    return Visitor(
        role=role,
        app=app,
        client=app.test_client(use_cookies=False),
        cookie=f"{name}={cookie.value}",
        token=browser.token,
    )


def _leave_a_session(browser: Browser, world: World, role: str) -> None:
    """Give a browser the cookie of a session that was alive once, or is not yet."""
    owner = "agent_a" if role == "ended" else role
    with browser.client.application.app_context(), unit_of_work(SYSTEM) as unit:
        token = sessions.begin_session(unit, world.user_ids[owner])
        this = update(UserSession).where(UserSession.digest == tokens.digest_of(token))
        if role == "ended":
            unit.session.execute(this.values(ended_at=clock.now()))
        elif role == "at_set_up":
            seed = second_factor.sealed(world.seeds[role])
            unit.session.execute(this.values(awaits="set_up", seed=seed))
    with browser.client.session_transaction() as kept:
        kept["_user_id"] = token


def _is_text(answer: Any) -> bool:
    return bool(answer.mimetype.startswith("text/"))
