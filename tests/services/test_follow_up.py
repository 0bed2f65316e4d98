"""The page of a request: what its customer is shown of a ticket, and what they can do there."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update

from deskcore.domain.kinds import Audience, Category, DeliveryState, Direction
from deskcore.domain.messages import InboundFile
from deskcore.domain.people import Actor
from deskcore.domain.writing import Upload
from deskcore.errors import Invalid, NotFound
from deskcore.models import (
    Event,
    Identity,
    InboundItem,
    Message,
    PublicLink,
    Ticket,
    TicketParticipant,
)
from deskcore.services import (
    files,
    follow_up,
    follow_up_writing,
    inbound,
    public_links,
    tickets,
)
from deskcore.services.throttle import FREE_TRIES, TooManyTries
from deskcore.services.unit import reading, unit_of_work
from tests import factories

FORM = "0123456789abcdef"


@pytest.fixture
def agent(app: Flask) -> Actor:
    return factories.a_user("owner", name="Petra Zq-staff")


@pytest.fixture
def mailbox(app: Flask) -> int:
    return factories.a_mailbox(address="help@shop.example")


@pytest.fixture
def jana(app: Flask) -> tuple[int, int]:
    return factories.a_customer("Jana Nováková", "jana@customer.example")


def key_to(agent: Actor, number: int) -> str:
    public_links.make_anew(agent, number)
    found = public_links.key_of_ticket(agent, number)
    assert found
    return found[0]


def texts(key: str) -> list[str]:
    return [one.text for one in follow_up.open_request(key).said]


def filed() -> None:
    """Do what the worker does with everything that has come in."""
    with reading() as session:
        ids = list(session.scalars(select(InboundItem.id).where(InboundItem.state == "stored")))
    inbound.file_items(ids)


def ticket_of(number: int) -> Ticket:
    with reading() as session:
        return session.scalars(select(Ticket).where(Ticket.number == number)).one()


def change(message_id: int, **values: object) -> None:
    with unit_of_work() as unit:
        unit.session.execute(update(Message).where(Message.id == message_id).values(**values))


def test_a_customer_reads_what_they_and_the_shop_said_to_each_other(
    agent: Actor, mailbox: int, jana: tuple[int, int]
) -> None:
    number = factories.a_ticket(mailbox, customer=jana, text="My kettle leaks.")
    factories.a_message(
        number,
        "We send another.",
        direction=Direction.OUT,
        delivery=DeliveryState.SENT,
        author=agent,
    )
    found = follow_up.open_request(key_to(agent, number))
    assert [(one.is_theirs, one.text) for one in found.said] == [
        (True, "My kettle leaks."),
        (False, "We send another."),
    ]


def test_nothing_but_that_is_on_the_page(agent: Actor, mailbox: int, jana: tuple[int, int]) -> None:
    number = factories.a_ticket(mailbox, customer=jana, text="Mine.")
    factories.a_message(number, "zq note", direction=Direction.NOTE, author=agent)
    for state in (DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.HELD,
                  DeliveryState.FAILED, DeliveryState.CANCELLED):  # fmt: skip
        factories.a_message(number, f"zq {state}", direction=Direction.OUT, delivery=state)
    undone = factories.a_message(
        number, "zq undone", direction=Direction.OUT, delivery=DeliveryState.SENT
    )
    with reading() as session:
        at = session.get_one(Message, undone).created_at
    change(undone, undone_at=at)
    change(factories.a_message(number, "zq inside"), audience=Audience.INTERNAL)
    change(factories.a_message(number, "zq supplier's"), audience=Audience.THIRD_PARTY)
    change(
        factories.a_message(
            number, "zq to a supplier", direction=Direction.OUT, delivery=DeliveryState.SENT
        ),
        to_addresses=["Zq <zq@supplier.example>"],
    )
    _, other = factories.a_customer("Zq Other", "zq@other.example")
    change(factories.a_message(number, "zq of another"), author_identity_id=other)
    assert texts(key_to(agent, number)) == ["Mine."]


def test_what_was_merged_into_the_ticket_is_not_on_its_page(
    agent: Actor, mailbox: int, jana: tuple[int, int]
) -> None:
    number = factories.a_ticket(mailbox, customer=jana, text="Mine.")
    merged = factories.a_ticket(mailbox, text="zq of somebody else")
    with unit_of_work() as unit:
        into = select(Ticket.id).where(Ticket.number == number).scalar_subquery()
        unit.session.execute(
            update(Ticket).where(Ticket.number == merged).values(merged_into_id=into)
        )
    assert texts(key_to(agent, number)) == ["Mine."]


def test_a_key_opens_its_ticket_whole_or_nothing(
    agent: Actor, mailbox: int, jana: tuple[int, int]
) -> None:
    mine = factories.a_ticket(mailbox, customer=jana, text="Mine.")
    other = factories.a_ticket(mailbox, customer=jana, text="Another of mine.")
    key, other_key = key_to(agent, mine), key_to(agent, other)
    assert len(key) == 22  # 128 bits
    assert texts(key) == ["Mine."]
    assert texts(other_key) == ["Another of mine."]
    for wrong in (key[:-1], key[1:], key.swapcase(), key + "A", "", "*", other_key[:11] + key[11:]):
        with pytest.raises(NotFound):
            follow_up.open_request(wrong)


def test_nobody_can_read_a_key_out_of_the_database(
    agent: Actor, mailbox: int, jana: tuple[int, int]
) -> None:
    key = key_to(agent, factories.a_ticket(mailbox, customer=jana))
    with reading() as session:
        row = session.scalars(select(PublicLink)).one()
    assert key not in row.digest
    assert key.encode() not in row.sealed


def test_a_new_key_ends_the_old_one_and_an_ended_one_opens_nothing(
    agent: Actor, mailbox: int, jana: tuple[int, int]
) -> None:
    number = factories.a_ticket(mailbox, customer=jana)
    first = key_to(agent, number)
    second = key_to(agent, number)
    with pytest.raises(NotFound):
        follow_up.open_request(first)
    assert texts(second)
    public_links.revoke(agent, number)
    assert public_links.key_of_ticket(agent, number) is None
    for do in (
        lambda: follow_up.open_request(second),
        lambda: follow_up_writing.answer(second, "Hello", (), form_key=FORM),
        lambda: follow_up_writing.solve(second),
        lambda: follow_up_writing.reopen(second),
    ):
        with pytest.raises(NotFound):
            do()


def test_deleted_and_spam_tickets_are_answered_as_unknown(
    agent: Actor, mailbox: int, jana: tuple[int, int]
) -> None:
    number = factories.a_ticket(mailbox, customer=jana)
    key = key_to(agent, number)
    tickets.mark_spam(agent, number, is_spam=True)
    with pytest.raises(NotFound):
        follow_up.open_request(key)
    tickets.mark_spam(agent, number, is_spam=False)
    tickets.delete_ticket(agent, number)
    with pytest.raises(NotFound):
        follow_up.open_request(key)
    tickets.restore(agent, number)
    assert texts(key)


def test_a_link_is_made_for_nobody_who_only_joined_the_ticket(
    agent: Actor, mailbox: int, jana: tuple[int, int]
) -> None:
    number = factories.a_ticket(mailbox, customer=jana)
    _, other = factories.a_customer("Somebody", "somebody@else.example")
    with unit_of_work() as unit:
        ticket = unit.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        joined = TicketParticipant(ticket_id=ticket.id, identity_id=other, role="unconfirmed")
        unit.session.add(joined)
    public_links.make_anew(agent, number)
    found = public_links.key_of_ticket(agent, number)
    assert found
    assert found[1] == "jana@customer.example"


def test_an_answer_comes_in_as_any_message_and_opens_the_ticket_again(
    agent: Actor, mailbox: int, jana: tuple[int, int]
) -> None:
    number = factories.a_ticket(mailbox, customer=jana, status="solved", text="Mine.")
    key = key_to(agent, number)
    photo = Upload(filename="photo.png", content=b"\x89PNG\r\n\x1a\n" + b"0" * 20)
    follow_up_writing.answer(key, "It leaks again.", (photo,), form_key=FORM)
    assert len(follow_up.open_request(key).waiting) == 1
    filed()
    found = follow_up.open_request(key)
    assert found.waiting == ()
    assert [(one.is_theirs, one.text) for one in found.said][-1] == (True, "It leaks again.")
    [file] = found.said[-1].files
    row, path = follow_up.open_file(key, file.public_id)
    assert (row.filename, path.read_bytes()) == ("photo.png", photo.content)
    ticket = ticket_of(number)
    assert (ticket.category, ticket.message_count, ticket.preview) == (
        Category.OPEN,
        2,
        "It leaks again.",
    )
    assert ticket.waiting_since is not None
    with reading() as session:
        names = list(session.scalars(select(Event.name).where(Event.ticket_id == ticket.id)))
        message = session.scalars(select(Message).order_by(Message.id.desc()).limit(1)).one()
        author = session.get_one(Identity, message.author_identity_id)
    assert {"ticket.reopened", "message.received"} <= set(names)
    assert author.value == "jana@customer.example"
    assert message.leg_id is not None


def test_the_same_form_sent_twice_is_one_answer(
    agent: Actor, mailbox: int, jana: tuple[int, int]
) -> None:
    key = key_to(agent, factories.a_ticket(mailbox, customer=jana, text="Mine."))
    for _time in range(2):
        follow_up_writing.answer(key, "Once.", (), form_key=FORM)
        filed()
    assert texts(key) == ["Mine.", "Once."]


def test_an_answer_to_a_ticket_that_was_deleted_meanwhile_is_not_lost(
    agent: Actor, mailbox: int, jana: tuple[int, int]
) -> None:
    number = factories.a_ticket(mailbox, customer=jana)
    follow_up_writing.answer(key_to(agent, number), "Still there?", (), form_key=FORM)
    tickets.delete_ticket(agent, number)
    filed()
    with reading() as session:
        newest = session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()
    assert (newest.preview, newest.number != number) == ("Still there?", True)


def test_nothing_too_much_and_too_often_is_refused(
    agent: Actor, mailbox: int, jana: tuple[int, int]
) -> None:
    key = key_to(agent, factories.a_ticket(mailbox, customer=jana))
    for text in ("  ", "x" * 20_001):
        with pytest.raises(Invalid):
            follow_up_writing.answer(key, text, (), form_key=FORM)
    many = tuple(Upload(filename=f"{n}.txt", content=b"x") for n in range(11))
    with pytest.raises(Invalid):
        follow_up_writing.answer(key, "", many, form_key=FORM)
    for number in range(FREE_TRIES):
        follow_up_writing.answer(key, "Hello", (), form_key=f"{FORM}{number}")
    with pytest.raises(TooManyTries):
        follow_up_writing.answer(key, "Hello", (), form_key=f"{FORM}x")


def test_a_customer_solves_and_reopens_and_history_says_who_it_was(
    agent: Actor, mailbox: int, jana: tuple[int, int]
) -> None:
    number = factories.a_ticket(mailbox, customer=jana)
    key = key_to(agent, number)
    follow_up_writing.solve(key)
    follow_up_writing.solve(key)
    assert ticket_of(number).category == Category.SOLVED
    follow_up_writing.reopen(key)
    ticket = ticket_of(number)
    assert ticket.category == Category.OPEN
    with reading() as session:
        lines = session.execute(
            select(Event.actor_kind, Event.actor_id).where(
                Event.ticket_id == ticket.id, Event.name == "ticket.status_changed"
            )
        ).all()
    assert [tuple(line) for line in lines] == [("customer", jana[0])] * 2


def test_files_of_other_messages_are_not_opened_by_the_key(
    agent: Actor, mailbox: int, jana: tuple[int, int]
) -> None:
    number = factories.a_ticket(mailbox, customer=jana)
    other = factories.a_ticket(mailbox, customer=jana)
    key = key_to(agent, number)
    noted = factories.a_message(number, "Note", direction=Direction.NOTE)
    elsewhere = factories.a_message(other, "Elsewhere")
    for message_id in (noted, elsewhere):
        file = replace(FILE, filename=f"{message_id}.txt")
        with unit_of_work() as unit:
            public_id = files.attach(unit, file, message_id=message_id).public_id
        with pytest.raises(NotFound):
            follow_up.open_file(key, public_id)
        change(message_id, html="<p>zq</p>")
        with pytest.raises(NotFound):
            follow_up.body(key, message_id)


FILE = InboundFile(filename="x.txt", content_type="text/plain", content=b"zq")
