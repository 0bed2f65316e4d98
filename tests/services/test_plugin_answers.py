"""What plugins say to customers as somebody who works here, in a transaction of their own."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from deskcore.api.data import (
    colleague,
    read_tickets,
    reading,
    ready_answer,
    seen_by,
    send_ready,
    unit_of_work,
)
from deskcore.domain.people import SYSTEM, Actor
from deskcore.domain.writing import DraftForm
from deskcore.errors import NotAllowed, NotFound
from deskcore.models import Delivery, DeliveryPart, Draft, Message, Ticket
from deskcore.services import drafts, tickets
from tests.factories import a_customer, a_mailbox, a_team, a_ticket, a_user


@pytest.fixture
def agent(app: Flask) -> Actor:
    return a_user("admin", name="Petr Dvořák")


def deliveries() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Delivery)) or 0


def test_an_answer_goes_to_the_customer_and_changes_nothing_else(agent: Actor) -> None:
    customer = a_customer(address="jana@customer.test")
    number = a_ticket(a_mailbox(), customer=customer, status="solved")
    kept = DraftForm(mode="reply", body="Half a thought", to=["jana@customer.test"])
    drafts.save(agent, number, kept)
    ready = ready_answer(agent, number, "The kettle is back.")
    with unit_of_work(agent) as unit:
        send_ready(unit, ready)
    with reading() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        said = session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert session.scalars(select(DeliveryPart.recipient)).all() == ["jana@customer.test"]
        assert session.scalars(select(Draft.body)).all() == ["Half a thought"]
    assert said is not None
    assert (said.visible, said.author_name) == ("The kettle is back.", "Petr Dvořák")
    assert ticket.category == "solved"


def test_what_is_undone_around_it_undoes_the_answer(agent: Actor) -> None:
    ready = ready_answer(agent, a_ticket(a_mailbox()), "Back.")

    def broken() -> None:
        with unit_of_work(agent) as unit:
            send_ready(unit, ready)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert deliveries() == 0
    with pytest.raises(ValueError, match="of whom it is by"), unit_of_work(SYSTEM) as unit:
        send_ready(unit, ready)


def test_nobody_is_told_where_the_agent_may_not_answer_or_the_ticket_is_gone(agent: Actor) -> None:
    mailbox = a_mailbox()
    number, stranger = a_ticket(mailbox), a_user("agent")
    viewer = a_user("viewer", teams=(a_team(mailbox),))
    with pytest.raises(NotFound):
        ready_answer(stranger, number, "Back.")
    with pytest.raises(NotAllowed):
        ready_answer(viewer, number, "Back.")
    ready = ready_answer(agent, number, "Back.")
    tickets.mark_spam(agent, number, is_spam=True)
    with pytest.raises(NotFound), unit_of_work(agent) as unit:
        send_ready(unit, ready)
    assert deliveries() == 0


def test_lists_are_read_as_somebody_at_one_question(agent: Actor) -> None:
    ours, theirs = a_mailbox(), a_mailbox()
    numbers = [a_ticket(ours), a_ticket(theirs)]
    member = colleague(a_user("agent", teams=(a_team(ours),)).id)
    assert member is not None
    with reading() as session:
        ids = session.scalars(select(Ticket.id)).all()
        seen = session.scalars(seen_by(member)).all()
    found = read_tickets(member, ids)
    assert [ref.number for ref in found.values()] == numbers[:1]
    assert list(found) == seen
    assert len(read_tickets(agent, ids)) == 2
    assert colleague(999_999) is None
