"""A desk with a web form and a mailbox that can answer, and whoever fills the form in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from time_machine import travel
from werkzeug.test import TestResponse

from deskcore import clock
from deskcore.config import Config
from deskcore.domain.kinds import QUESTION
from deskcore.models import Ticket
from deskcore.services import jobs
from deskcore.services.unit import reading, unit_of_work
from plugins.web_form.beginning import begin
from tests import factories
from tests.databases import opened
from tests.web.conftest import owner, set_up, visitor  # noqa: F401  fixtures
from tests.web_form.working import solved

ACTIVE = ("email", "spam", "saved_replies", "web_form")
URL = "/c/web_form/contact"
_HIDDEN = re.compile(r'name="(page|f-[a-z_]+)" value="([^"]*)"')
_WORK = re.compile(r'data-web-form-work="([^"]*)"')
FILLED = {
    "f-name": "Jana Malá",
    "f-email": "Jana@Example.cz",
    "f-subject": "Broken cup",
    "f-order_number": "A-17",
    "f-message": "It came in two.\nWhat now?",
}


@pytest.fixture
def config(config: Config) -> Config:
    return config.model_copy(update={"plugins": ACTIVE})


@pytest.fixture
def desk(config: Config) -> Iterator[Flask]:
    """Give that desk with the plugin's first form."""
    with opened(config, has_pages=True) as app:
        with unit_of_work() as unit:
            begin(unit.session)
        yield app


@pytest.fixture
def mailbox(set_up: Flask) -> int:  # noqa: F811  the fixture above
    return factories.a_mailbox("Help", address="help@shop.example")


@dataclass
class Writer:
    """A customer's browser: its script does the work, unless it is one without scripts."""

    client: FlaskClient
    page: TestResponse = field(init=False)
    url: str = URL

    def open(self, url: str = URL, *, ago_s: int = 30) -> str:
        """Open a page half a minute ago: nobody writes faster."""
        self.url = url
        then = clock.now() - timedelta(seconds=ago_s)
        with self.client.application.app_context(), travel(then, tick=False):
            self.page = self.client.get(url)
        return self.page.text

    def hidden(self) -> dict[str, str]:
        return {name: unescape(value) for name, value in _HIDDEN.findall(self.page.text)}

    def work(self) -> str:
        """Do what the page's script does."""
        asked = _WORK.search(self.page.text)
        assert asked is not None
        return solved(unescape(asked[1]))

    def send(
        self, answers: Mapping[str, object] | None = None, *, works: bool = True
    ) -> TestResponse:
        solution = {"altcha": self.work()} if works else {}
        return self.post({"page": self.hidden()["page"], **FILLED, **solution, **(answers or {})})

    def post(self, data: dict[str, object]) -> TestResponse:
        with self.client.application.app_context():
            self.page = self.client.post(self.url, data=data, content_type="multipart/form-data")
        return self.page


@pytest.fixture
def writer(set_up: Flask, mailbox: int) -> Writer:  # noqa: F811  the fixture above
    return Writer(set_up.test_client())


def work_off() -> None:
    """Let the worker do what waits."""
    while jobs.run_next("test"):
        pass


def tickets() -> list[Ticket]:
    with reading() as session:
        return list(session.query(Ticket).filter_by(kind=QUESTION).order_by(Ticket.id))
