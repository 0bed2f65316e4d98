"""What places for plugins cost where no plugin fills them: no call, and not one statement more."""

from __future__ import annotations

import pytest

from deskcore.plugin.guard import Guard
from tests.factories import a_customer, a_mailbox, a_message, a_ticket
from tests.statements import statements
from tests.web.conftest import Visitor


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the places at which plugins were called, as they come."""
    places: list[str] = []
    call = Guard.call

    def noted(self: Guard, slug: str, place: str, *rest: object, **options: object) -> object:
        places.append(f"{slug} {place}")
        return call(self, slug, place, *rest, **options)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(Guard, "call", noted)
    return places


def test_places_that_nobody_fills_cost_nothing(owner: Visitor, asked: list[str]) -> None:
    number = a_ticket(a_mailbox(), customer=a_customer("Olga", "olga@cz.example"))
    a_message(number, "Where is my tea?")
    # The bundled plugins have pages of their own to offer, one has a tool and one an action; no other
    # place is filled.
    drawn = ("saved_replies desk_composer_tools", "spam desk_ticket_actions")
    theirs = {
        *drawn,
        "saved_replies desk_nav_items",
        "spam desk_customer_links",
        "spam desk_nav_items",
    }
    for path, most in (("/v/open", 10), (f"/t/{number}?v=open", 12)):
        owner.get(path)
        asked.clear()
        with statements() as seen:
            owner.get(path)
        assert set(asked) <= theirs, path
        for place in drawn:
            if place in asked:
                asked.remove(place)  # it is asked for what it has, and again when that is drawn
        assert len(asked) == len(set(asked)), path
        assert len(seen) <= most, path
