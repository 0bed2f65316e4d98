"""Who works in the shop whose stock is noted, and a ticket about tea."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from deskcore.domain.people import Actor
from tests import factories
from tests.stock_notes.counter import config, desk, offer
from tests.web.conftest import PASSWORD, Visitor, owner, set_up
from tests.web.test_people import invited

__all__ = ["config", "desk", "owner", "set_up"]


@pytest.fixture
def app(desk: Flask) -> Flask:
    """Give the desk, inside its application context."""
    return desk


@pytest.fixture(autouse=True)
def counts(desk: Flask) -> Iterator[dict[tuple[str, str], int]]:
    """Give how much tea there is where; a test may change it."""
    part = offer()
    kept = dict(part.COUNTS)
    part.asked.clear()
    part.broken.clear()
    yield part.COUNTS
    part.COUNTS.clear()
    part.COUNTS.update(kept)


@pytest.fixture
def eva(app: Flask) -> Actor:
    return factories.a_user("admin", name="Eva Nová")


@pytest.fixture
def mailbox() -> int:
    return factories.a_mailbox()


@pytest.fixture
def number(owner: Visitor) -> int:
    """Give a ticket that asks for Sencha, which is out, and Assam, which is in the other shop."""
    return factories.a_ticket(
        factories.a_mailbox(),
        subject="Sencha?",
        text="Do you have Sencha or Assam?",
        customer=factories.a_customer("Olga Malá", "olga@cz.example"),
    )


@pytest.fixture
def sign_in_as(owner: Visitor, set_up: Flask) -> Callable[[str], Visitor]:
    """Give somebody of a role who is in no team."""

    def come(role: str) -> Visitor:
        browser, email = Visitor(set_up.test_client()), f"{role}@example.com"
        path = invited(owner, email, role)
        browser.get(path)
        browser.post(path, {"name": "Petr", "password": PASSWORD})
        browser.get("/me")
        return browser

    return come
