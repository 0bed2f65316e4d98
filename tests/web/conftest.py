"""A desk as a browser meets it: an owner who can sign in, and a client that follows the rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from flask import Flask, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from deskcore.config import Config
from deskcore.services import sessions, setup
from deskcore.services.desk_settings import DeskSettings
from deskcore.web.identity import client_address, user_agent, welcome
from tests.databases import opened

OWNER_EMAIL = "eva@example.com"
PASSWORD = "velmi dlouhe heslo"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Visitor:
    """One browser without JavaScript: keeps cookies, sends the token of the page it is on."""

    client: FlaskClient
    token: str = ""

    def get(self, path: str, **kwargs: object) -> TestResponse:
        """Open a page and remember its form token."""
        # The tests stand in a context of the desk; a request of its own must not share its "g".
        with self.client.application.app_context():
            answer = self.client.get(path, **kwargs)
        found = TOKEN.search(answer.text)
        self.token = found[1] if found else self.token
        return answer

    def post(self, path: str, data: Mapping[str, object] | None = None) -> TestResponse:
        """Send a form."""
        with self.client.application.app_context():
            return self.client.post(path, data={"csrf_token": self.token, **(data or {})})

    def sign_in(self, email: str = OWNER_EMAIL, password: str = PASSWORD) -> TestResponse:
        """Sign in by the form."""
        self.get("/sign-in")
        answer = self.post("/sign-in", {"email": email, "password": password})
        self.get("/me")
        return answer

    def come_in(self, email: str = OWNER_EMAIL, password: str = PASSWORD) -> None:
        """Be where the form leads to, without asking for its pages: they have tests of their own."""
        desk = self.client.application
        with (
            desk.app_context(),
            self.client.session_transaction() as cookie,
            desk.test_request_context(environ_base=self.client.environ_base),
        ):
            browser = {"address": client_address(), "user_agent": user_agent()}
            welcome(sessions.sign_in(email, password, **browser))
            self.token = generate_csrf()
            cookie.update(session)


@pytest.fixture
def desk(config: Config) -> Iterator[Flask]:
    """Give a whole desk that nobody has set up."""
    with opened(config, has_pages=True) as app:
        yield app


@pytest.fixture
def visitor(desk: Flask) -> Visitor:
    """Give a stranger's browser."""
    return Visitor(desk.test_client())


@pytest.fixture
def set_up(desk: Flask) -> Flask:
    """Give a desk with an owner."""
    code = setup.ensure_setup_code()
    assert code
    setup.create_owner(
        setup.check_setup_code(code),
        setup.FirstOwner(name="Eva Nová", email=OWNER_EMAIL, password=PASSWORD),
        DeskSettings(name="Čajovna", time_zone="Europe/Prague", language="en"),
    )
    return desk


@pytest.fixture
def owner(set_up: Flask) -> Visitor:
    """Give the owner's browser, signed in."""
    browser = Visitor(set_up.test_client())
    browser.come_in()
    return browser
