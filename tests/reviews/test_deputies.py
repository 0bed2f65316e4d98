"""The desk's own moves make nobody another person, whatever a plugin keeps of who wrote what."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from deskcore.domain.people import SYSTEM, Actor
from deskcore.errors import NotAllowed
from deskcore.models import Ticket
from deskcore.services.plugin_tickets import change_status
from deskcore.services.unit import reading, unit_of_work
from tests.reviews.conftest import Shop, asked


def step(actor: Actor, number: int, name: str) -> None:
    with reading() as session:
        ticket_id = session.scalars(select(Ticket.id).where(Ticket.number == number)).one()
    with unit_of_work(actor) as unit:
        change_status(unit, ticket_id, f"reviews.review.{name}")


def test_who_asked_is_remembered_past_what_the_desk_did(shop: Shop) -> None:
    number = shop.review()
    asked(shop.ann, number)
    step(SYSTEM, number, "overdue")
    with pytest.raises(NotAllowed, match="Somebody else has to do this"):
        step(shop.ann, number, "approved")
    step(shop.bob, number, "approved")
