"""Answering: queued once, taken back whole, refused when the customer wrote meanwhile."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from deskcore import clock
from deskcore.domain.kinds import Category, DeliveryState
from deskcore.domain.people import Actor
from deskcore.domain.writing import DraftForm, NewTicketForm, NoteForm, ReplyForm, Upload
from deskcore.errors import Conflict, Invalid, NotAllowed, NotFound
from deskcore.models import Delivery, DeliveryPart, Job, Message, Ticket
from deskcore.services import composing, drafts, replies, starting, undoing
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.statements import statements

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def agent(app: Flask) -> Actor:
    mailbox_id = factories.a_mailbox()
    agent = factories.a_user("agent", teams=(factories.a_team(mailbox_id),))
    factories.a_ticket(mailbox_id)
    return agent


def number() -> int:
    with reading() as session:
        return session.scalars(select(Ticket.number).order_by(Ticket.id)).first() or 0


def ticket() -> Ticket:
    with reading() as session:
        return session.scalars(select(Ticket).order_by(Ticket.id).limit(1)).one()


def reply(**values: Any) -> ReplyForm:
    return ReplyForm(**{"body": "On its way.", "to": ["jana@example.cz"], **values})


def count(model: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_a_reply_costs_few_statements(agent: Actor) -> None:
    replies.queue_reply(agent, number(), reply())
    with statements() as seen:
        replies.queue_reply(agent, number(), reply(body="And another one.", form_key="1"))
    # Two of them are what plugins that look at answers are told, one is a setting of the desk.
    assert len(seen) <= 20


def test_a_reply_is_queued_with_its_undo_window_and_waits_for_the_customer(agent: Actor) -> None:
    queued = replies.queue_reply(agent, number(), reply())
    assert ticket().category == Category.WAITING_CUSTOMER
    assert queued.recipient == "Jana Nováková"
    with reading() as session:
        delivery = session.scalars(select(Delivery)).one()
        job = session.scalars(select(Job).where(Job.name == "delivery.send")).one()
    assert delivery.state == DeliveryState.QUEUED
    assert job.run_at == delivery.run_at
    assert 9 <= (delivery.run_at - delivery.created_at).total_seconds() <= 11


def test_the_same_text_soon_after_is_asked_about_first(agent: Actor) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        replies.queue_reply(agent, number(), reply(seen_upto=latest(), form_key="k1"))
        again = {"seen_upto": latest(), "form_key": "k2"}
        with pytest.raises(Conflict, match="very text was sent"):
            replies.queue_reply(agent, number(), reply(**again))
        assert count(Delivery) == 1
        replies.queue_reply(agent, number(), reply(**again, send_anyway=True))
        assert count(Delivery) == 2
        travel.shift(timedelta(minutes=11))
        replies.queue_reply(agent, number(), reply(seen_upto=latest(), form_key="k3"))
    assert count(Delivery) == 3


def test_another_text_or_one_that_was_taken_back_is_sent_at_once(agent: Actor) -> None:
    first = replies.queue_reply(agent, number(), reply(seen_upto=latest()))
    replies.queue_reply(agent, number(), reply(body="Also this.", seen_upto=latest()))
    undoing.undo(agent, first.delivery_id)
    replies.queue_reply(agent, number(), reply(seen_upto=latest()))
    assert count(Delivery) >= 2


def latest() -> int:
    with reading() as session:
        return session.scalar(select(func.max(Message.id))) or 0


def test_the_same_form_twice_sends_one_reply(agent: Actor) -> None:
    first = replies.queue_reply(agent, number(), reply(form_key="k1"))
    second = replies.queue_reply(agent, number(), reply(form_key="k1"))
    assert first.delivery_id == second.delivery_id
    assert count(Delivery) == 1


def test_undo_gives_back_text_files_recipients_and_status(agent: Actor) -> None:
    before = ticket()
    queued = replies.queue_reply(
        agent,
        number(),
        reply(
            cc=["karel@example.cz"],
            status_key="solved",
            files=[Upload(filename="a.txt", content=b"hi")],
        ),
    )
    assert undoing.undo(agent, queued.delivery_id) == number()
    draft = drafts.get(agent, number(), "reply")
    after = ticket()
    assert draft.body == "On its way."
    assert draft.to == ("jana@example.cz",)
    assert draft.cc == ("karel@example.cz",)
    assert [file.filename for file in draft.files] == ["a.txt"]
    assert (after.category, after.list_at, after.preview, after.message_count) == (
        before.category,
        before.list_at,
        before.preview,
        before.message_count,
    )


def test_a_reply_that_has_begun_to_leave_cannot_be_undone(agent: Actor) -> None:
    queued = replies.queue_reply(agent, number(), reply())
    with unit_of_work() as unit:
        unit.session.get_one(Delivery, queued.delivery_id).state = DeliveryState.SENDING
    with pytest.raises(Conflict):
        undoing.undo(agent, queued.delivery_id)


def test_a_newer_message_stops_the_send_and_keeps_the_draft(agent: Actor) -> None:
    with reading() as session:
        seen = session.scalar(select(func.max(Message.id))) or 0
    drafts.save(
        agent, number(), DraftForm(mode="reply", body="On its way.", to=["jana@example.cz"])
    )
    factories.a_message(number(), "Wait, I found it!")
    with pytest.raises(Conflict):
        replies.queue_reply(agent, number(), reply(seen_upto=seen))
    assert count(Delivery) == 0
    assert drafts.get(agent, number(), "reply").body == "On its way."
    replies.queue_reply(agent, number(), reply(seen_upto=seen, send_anyway=True))
    assert count(Delivery) == 1


@pytest.mark.parametrize(
    "to",
    [["not an address"], ["a@b.cz\r\nBcc: x@y.cz"], ["a@b.cz, <script>"], [], ["@", "x"]],
)
def test_a_wrong_address_is_named_and_nothing_is_queued(agent: Actor, to: list[str]) -> None:
    with pytest.raises(Invalid):
        replies.queue_reply(agent, number(), reply(to=to))
    assert count(Delivery) == 0


def test_an_empty_reply_is_refused(agent: Actor) -> None:
    with pytest.raises(Invalid):
        replies.queue_reply(agent, number(), reply(body="  \n "))


def test_each_recipient_stands_once_however_often_typed(agent: Actor) -> None:
    replies.queue_reply(
        agent,
        number(),
        reply(to=["Jana <JANA@Example.cz>", "jana@example.cz"], cc=["jana@example.cz"]),
    )
    with reading() as session:
        assert list(session.scalars(select(DeliveryPart.recipient))) == ["jana@example.cz"]


def test_a_note_is_internal_and_changes_no_status(agent: Actor) -> None:
    replies.add_note(agent, number(), NoteForm(body="Ask the warehouse"))
    with reading() as session:
        note = session.scalars(select(Message).order_by(Message.id.desc())).first()
    assert note is not None
    assert note.audience == "internal"
    assert ticket().category == Category.OPEN
    assert count(Delivery) == 0


def test_starting_a_ticket_makes_the_customer_and_waits_for_them(agent: Actor) -> None:
    mailbox_id = ticket().mailbox_id
    queued = starting.start_ticket(
        agent,
        NewTicketForm(
            mailbox_id=mailbox_id, to=["new@example.cz"], subject="Your order", body="It has come."
        ),
    )
    with reading() as session:
        made = session.scalars(select(Ticket).where(Ticket.number == queued.number)).one()
    assert made.category == Category.WAITING_CUSTOMER
    assert made.customer_name == "new@example.cz"


def test_a_viewer_cannot_answer_and_a_stranger_does_not_learn_that_the_ticket_exists(
    agent: Actor,
) -> None:
    viewer = factories.a_user("viewer", teams=tuple(agent.team_ids))
    outsider = factories.a_user("agent")
    with pytest.raises(NotAllowed):
        replies.queue_reply(viewer, number(), reply())
    with pytest.raises(NotFound):
        replies.queue_reply(outsider, number(), reply())
    with pytest.raises(NotFound):
        replies.add_note(outsider, number(), NoteForm(body="x"))


def test_a_stale_draft_is_not_overwritten(agent: Actor) -> None:
    first = drafts.save(agent, number(), DraftForm(mode="reply", body="one"))
    drafts.save(agent, number(), DraftForm(mode="reply", body="two", version=first.version))
    with pytest.raises(Conflict):
        drafts.save(agent, number(), DraftForm(mode="reply", body="three", version=first.version))
    assert drafts.get(agent, number(), "reply").body == "two"


@pytest.mark.parametrize(
    ("subject", "sent"),
    [
        ("Objednávka 7", "Re: Objednávka 7"),
        ("RE: Objednávka 7", "RE: Objednávka 7"),
        ("AW: x", "AW: x"),
    ],
)
def test_an_answer_says_re_once_whatever_the_language(
    agent: Actor, subject: str, sent: str
) -> None:
    mailbox_id = ticket().mailbox_id
    factories.a_ticket(mailbox_id, subject=subject)
    with reading() as session:
        newest = session.scalars(select(Ticket.number).order_by(Ticket.id.desc())).first()
    with unit_of_work() as unit:
        row = unit.session.scalars(select(Message).order_by(Message.id.desc())).first()
        assert row is not None
        row.external_id = "question@example.cz"
    queued = replies.queue_reply(agent, newest or 0, reply())
    with reading() as session:
        delivery = session.get_one(Delivery, queued.delivery_id)
        assert composing.compose(session, delivery).subject == sent
