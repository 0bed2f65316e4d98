"""Under which names the desk answers, and what it says where passwords could be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.extensions import db
from deskcore.services import setup
from deskcore.services.desk_settings import DeskSettings
from tests.web.conftest import OWNER_EMAIL, PASSWORD, Visitor

Reached = Callable[..., Flask]


@pytest.fixture
def reached_at(tmp_path: Path, sqlite_url: str) -> Iterator[Reached]:
    """Give a function that makes a desk with an owner and this configuration."""
    made = []

    def make(**options: object) -> Flask:
        app = create_app(
            load_config(instance=tmp_path / "instance", database_url=sqlite_url, **options)
        )
        with app.app_context():
            code = setup.ensure_setup_code()
            assert code
            setup.create_owner(
                setup.check_setup_code(code),
                setup.FirstOwner(name="Eva", email=OWNER_EMAIL, password=PASSWORD),
                DeskSettings(name="Čajovna", time_zone="Europe/Prague", language="en"),
            )
            made.append(db.engine)
        return app

    yield make
    for engine in made:
        engine.dispose()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("desk.example", 200),
        ("desk.example:8443", 200),
        ("desk.lan", 200),
        ("evil.example", 400),
        ("desk.example.evil.example", 400),
        ("desk.example@evil.example", 400),
        ("localhost", 400),
        ("evil.example/desk.example", 400),
    ],
)
def test_a_desk_with_an_address_answers_to_its_names_only(
    reached_at: Reached, host: str, status: int
) -> None:
    app = reached_at(base_url="https://desk.example:8443", trusted_hosts=("desk.lan",))
    browser = app.test_client()
    answer = browser.get("/sign-in", headers={"Host": host})
    assert answer.status_code == status
    assert ("not reached under this name" in answer.text) == (status == 400)
    assert browser.get("/nowhere", headers={"Host": host}).status_code in {status, 404}
    for path in ("/healthz", "/readyz"):
        assert browser.get(path, headers={"Host": host}).status_code == 200


def test_without_an_address_every_name_is_answered(reached_at: Reached) -> None:
    browser = reached_at().test_client()
    assert browser.get("/sign-in", headers={"Host": "anything.example"}).status_code == 200


def test_links_to_hand_on_start_with_the_address_not_with_what_was_asked(
    reached_at: Reached,
) -> None:
    app = reached_at(base_url="http://desk.example", trusted_hosts=("desk.lan",))
    browser = Visitor(app.test_client())
    there = {"base_url": "http://desk.lan"}
    browser.get("/sign-in", **there)
    form = {"csrf_token": browser.token, "email": OWNER_EMAIL, "password": PASSWORD}
    browser.client.post("/sign-in", data=form, **there)
    browser.get("/admin/people/invite", **there)
    invited = {"csrf_token": browser.token, "name": "P", "email": "p@x.example", "role": "agent"}
    page = browser.client.post("/admin/people/invite", data=invited, **there).text
    assert "http://desk.example/invite/" in page
    assert "desk.lan" not in page


@pytest.mark.parametrize(
    ("options", "host", "warns"),
    [
        ({}, "localhost:8080", False),
        ({}, "127.0.0.1", False),
        ({}, "[::1]:8080", False),
        ({}, "desk.lan", True),
        ({}, "192.168.1.5", True),
        ({"base_url": "http://desk.lan"}, "desk.lan", True),
    ],
)
def test_owners_are_warned_for_as_long_as_passwords_can_be_read_on_the_way(
    reached_at: Reached, options: dict[str, str], host: str, *, warns: bool
) -> None:
    app = reached_at(**options)
    browser = Visitor(app.test_client())
    there = {"base_url": f"http://{host}"}
    browser.get("/sign-in", **there)
    form = {"csrf_token": browser.token, "email": OWNER_EMAIL, "password": PASSWORD}
    browser.client.post("/sign-in", data=form, **there)
    assert ("Not encrypted" in browser.get("/me", **there).text) == warns
    assert ("set base_url" in browser.get("/admin/settings", **there).text) == warns
