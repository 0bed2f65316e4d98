"""A desk with a guest book, and the people who answer in it."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from flask import Flask

from deskcore.domain.people import Actor
from tests import factories
from tests.plugin.guests import a_book, config, desk, write

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
