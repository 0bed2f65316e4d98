"""A desk with a guest book, and the people who answer in it."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from flask import Flask

from deskcore.domain.people import Actor
from deskcore.services import setup
from deskcore.services.desk_settings import DeskSettings
from tests import factories
from tests.plugin.guests import a_book, config, desk, write
from tests.web.conftest import OWNER_EMAIL, PASSWORD, Visitor

__all__ = ["config", "desk"]


@pytest.fixture
def app(desk: Flask) -> Flask:
    """Give the desk, inside its application context."""
    return desk


class House(NamedTuple):
    """The book's account, an entry by Olga, and three who work here: two agents and a viewer."""

    account: int
    number: int
    ann: Actor
    bob: Actor


@pytest.fixture
def house(app: Flask) -> House:
    account = a_book()
    ann = factories.a_user("admin", name="Ann")
    bob = factories.a_user("admin", name="Bob")
    return House(account, write(account, "Lovely tea"), ann, bob)


@pytest.fixture
def owner(desk: Flask) -> Visitor:
    """Give the owner's signed-in browser."""
    code = setup.ensure_setup_code()
    assert code
    setup.create_owner(
        setup.check_setup_code(code),
        setup.FirstOwner(name="Eva Nová", email=OWNER_EMAIL, password=PASSWORD),
        DeskSettings(name="Čajovna", time_zone="Europe/Prague", language="en"),
    )
    browser = Visitor(desk.test_client())
    browser.sign_in()
    return browser
