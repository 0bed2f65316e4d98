"""A kind of tickets has its own flow, and no way of the desk goes round it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select, update

from deskcore.domain.kinds import DeliveryState
from deskcore.domain.people import SYSTEM, Actor
from deskcore.errors import Conflict, DeskError, Invalid, NotAllowed
from deskcore.models import Delivery, Event, Message, Status, Ticket
from deskcore.plugin.net import network_allowed
from deskcore.services import delivery, sending, tickets, undoing
from deskcore.services.lists import page
from deskcore.services.ticket_page import read
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.kinds.conftest import House
from tests.plugin.guests import ENTRY, answer, move, propose, status, write

WORDS = "Thank you, Olga!"


def proposed(house: House, words: str = WORDS) -> None:
    """Bring an entry to where somebody else approves it, with the words to be said."""
    move(house.number, (house.ann, "draft"))
    propose(house.ann, house.number, words)


def approved(house: House, words: str = WORDS) -> None:
    proposed(house, words)
    move(house.number, (house.bob, "approved"))


def work() -> None:
    """Send what waits to be sent, as the worker does."""
    with reading() as session:
        queued = select(Delivery.id).where(Delivery.state == DeliveryState.QUEUED)
        waiting = session.scalars(queued).all()
    with network_allowed():
        for delivery_id in waiting:
            sending.send(delivery_id)


def test_desk_ticket_kinds_give_a_new_ticket_their_first_status(house: House) -> None:
    ticket = read(SYSTEM, house.number)
    assert (ticket.kind, ticket.status, ticket.category) == (ENTRY, f"{ENTRY}.new", "open")
    assert [row.number for row in page(SYSTEM, "unassigned").rows] == [house.number]


def test_a_status_is_reached_by_the_steps_of_the_flow_only(house: House) -> None:
    for name in ("asked", "approved", "returned"):
        with pytest.raises(Invalid, match="this does not go to"):
            move(house.number, (house.ann, name))
    for foreign in ("open", "solved", "waiting_customer"):
        with pytest.raises(Invalid):
            tickets.change_status(house.ann, house.number, foreign)
    move(house.number, (house.ann, "draft"), (house.ann, "asked"), (house.ann, "draft"))
    assert status(house.number) == "draft"


def test_a_question_gets_no_status_of_a_kind(house: House) -> None:
    question = factories.a_ticket(factories.a_mailbox())
    with pytest.raises(Invalid, match="Choose one of the statuses"):
        tickets.change_status(house.ann, question, f"{ENTRY}.approved")
    tickets.change_status(house.ann, question, "solved")
    with reading() as session:
        assert (
            session.scalars(select(Ticket.category).where(Ticket.number == question)).one()
            == "solved"
        )


def test_whoever_asked_for_approval_cannot_give_it(house: House) -> None:
    proposed(house)
    for nobody in (house.ann, SYSTEM):
        with pytest.raises(NotAllowed):
            move(house.number, (nobody, "approved"))
    assert status(house.number) == "asked"
    move(house.number, (house.bob, "approved"))
    assert status(house.number) == "approved"


def test_the_one_who_returned_it_may_approve_it_later(house: House) -> None:
    proposed(house)
    move(house.number, (house.bob, "draft"), (house.ann, "asked"), (house.bob, "approved"))
    assert status(house.number) == "approved"


def test_approving_needs_its_right(house: House) -> None:
    proposed(house)
    without = Actor(
        kind="user", id=house.bob.id, role="admin", refused=frozenset({"guest_book.answer.approve"})
    )
    with pytest.raises(NotAllowed, match="Approve answers in the guest book"):
        move(house.number, (without, "approved"))


@pytest.mark.parametrize("name", ["new", "draft", "asked"])
def test_no_answer_leaves_before_it_was_approved(house: House, name: str) -> None:
    steps = {"new": (), "draft": ("draft",), "asked": ("draft", "asked")}[name]
    move(house.number, *((house.ann, step) for step in steps))
    with pytest.raises(Invalid, match=r"once the status is: Approved|words that were approved"):
        answer(house.ann, house.number, WORDS)
    with reading() as session:
        assert session.scalars(select(Delivery.id)).all() == []


def test_an_approved_answer_is_published_and_leaves(house: House) -> None:
    approved(house)
    answer(house.ann, house.number, WORDS)
    assert status(house.number) == "published"
    work()
    with reading() as session:
        assert session.scalars(select(Delivery.state)).all() == [DeliveryState.SENT]
        assert session.scalars(select(Message.quoted).where(Message.direction == "out")).all() == [
            ""
        ]


def test_there_is_room_for_one_answer(house: House) -> None:
    approved(house)
    answer(house.ann, house.number, WORDS)
    work()
    with unit_of_work() as unit:
        ticket = unit.session.scalars(select(Ticket)).one()
        ticket.status_id = unit.session.scalars(
            select(Status.id).where(Status.key == f"{ENTRY}.approved")
        ).one()
    with pytest.raises(Invalid, match="room for one answer only"):
        answer(house.ann, house.number, WORDS, send_anyway=True, form_key="again")


def test_an_answer_that_is_too_long_is_refused_with_its_length(house: House) -> None:
    approved(house, "x" * 201)
    with pytest.raises(Invalid, match="may have 200 characters here; this one has 201"):
        answer(house.ann, house.number, "x" * 201)
    assert status(house.number) == "approved"


def test_other_words_than_the_approved_ones_are_refused(house: House) -> None:
    approved(house)
    with pytest.raises(Invalid, match="not the words that were approved"):
        answer(house.ann, house.number, "Something else")


def test_an_answer_taken_back_gives_the_status_back(house: House) -> None:
    approved(house)
    queued = answer(house.ann, house.number, WORDS)
    undoing.undo(house.ann, queued.delivery_id)
    assert status(house.number) == "approved"
    answer(house.bob, house.number, WORDS, form_key="again")
    assert status(house.number) == "published"


def test_an_answer_taken_back_brings_no_status_back_that_was_left_meanwhile(house: House) -> None:
    approved(house)
    queued = answer(house.ann, house.number, WORDS)
    write(house.account, "And one thing more", item="2")
    assert status(house.number) == "new"
    undoing.undo(house.ann, queued.delivery_id)
    assert status(house.number) == "new"


@pytest.mark.parametrize("at", ["draft", "asked", "approved", "published"])
def test_what_the_guest_writes_later_ends_an_approval(house: House, at: str) -> None:
    move(house.number, (house.ann, "draft"))
    if at != "draft":
        move(house.number, (house.ann, "asked"))
    if at in {"approved", "published"}:
        move(house.number, (house.bob, "approved"))
    if at == "published":
        with unit_of_work() as unit:
            row = unit.session.scalars(select(Ticket)).one()
            published = unit.session.scalars(
                select(Status).where(Status.key == f"{ENTRY}.published")
            ).one()
            tickets.set_status(unit, row, published, cause="reply")
    write(house.account, "I meant coffee", item="2")
    # What is still being thought about goes on; what was ready or done is looked at anew.
    assert status(house.number) == ("draft" if at == "draft" else "new")


def test_an_answer_that_the_book_refuses_comes_back_and_leaves_room_for_another(
    house: House,
) -> None:
    approved(house, "hang it")
    answer(house.ann, house.number, "hang it")
    work()
    assert status(house.number) == "returned"
    proposed(house)
    move(house.number, (house.bob, "approved"))
    answer(house.ann, house.number, WORDS)
    work()
    assert status(house.number) == "published"
    with reading() as session:
        failed = session.scalars(
            select(Delivery.id).where(Delivery.state == DeliveryState.FAILED)
        ).one()
    with pytest.raises(Invalid, match="room for one answer only"):
        delivery.retry(house.ann, failed)


def test_what_failed_is_not_sent_again_once_it_went_back_to_be_mended(house: House) -> None:
    approved(house, "hang it")
    answer(house.ann, house.number, "hang it")
    work()
    with reading() as session:
        failed = session.scalars(select(Delivery.id)).one()
    with pytest.raises(Invalid, match="once the status is"):
        delivery.retry(house.ann, failed)


def test_of_two_who_press_send_at_once_one_is_heard(house: House, app: Flask) -> None:
    approved(house)
    at_once = Barrier(2)

    def send(who: Actor) -> str:
        with app.app_context():
            at_once.wait()
            try:
                answer(who, house.number, WORDS, form_key=who.name)
            except (Invalid, Conflict) as error:
                return str(error)
            return ""

    with ThreadPoolExecutor(2) as threads:
        told = list(threads.map(send, (house.ann, house.bob)))
    assert sum(not words for words in told) == 1, told
    with reading() as session:
        assert len(session.scalars(select(Delivery.id)).all()) == 1


def test_a_status_that_somebody_changed_meanwhile_is_not_overwritten(house: House) -> None:
    proposed(house)
    with unit_of_work(house.bob) as unit:
        ticket = unit.session.scalars(select(Ticket)).one()
        by_key = {row.key: row for row in unit.session.scalars(select(Status))}
        meanwhile = update(Ticket).values(status_id=by_key[f"{ENTRY}.draft"].id)
        unit.session.execute(meanwhile.execution_options(synchronize_session=False))
        with pytest.raises(Conflict):
            tickets.set_status(unit, ticket, by_key[f"{ENTRY}.approved"])


def test_every_way_to_say_something_asks_the_flow(house: House) -> None:
    """Nothing but the desk's own hand writes a status or an outgoing message."""
    proposed(house)
    with unit_of_work(SYSTEM) as unit:
        ticket = unit.session.scalars(select(Ticket)).one()
        row = unit.session.scalars(select(Status).where(Status.key == f"{ENTRY}.approved")).one()
        with pytest.raises(DeskError):
            tickets.set_status(unit, ticket, row)


def test_the_history_says_who_took_which_step(house: House) -> None:
    approved(house)
    with reading() as session:
        told = session.execute(
            select(Event.actor_name, Event.data)
            .where(Event.name == "ticket.status_changed")
            .order_by(Event.id)
        ).all()
    assert [(row.actor_name, row.data["after"].rpartition(".")[2]) for row in told] == [
        ("Ann", "draft"),
        ("Ann", "asked"),
        ("Bob", "approved"),
    ]
