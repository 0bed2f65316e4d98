"""Mails drawn from templates: as they were until the owner wants a link, alike in both forms."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select, update

from deskcore.domain.html import from_text
from deskcore.domain.messages import OutboundMessage
from deskcore.domain.people import SYSTEM, Actor
from deskcore.domain.writing import ReplyForm
from deskcore.models import Customer, Delivery, Mailbox, PublicLink, Ticket, TicketParticipant
from deskcore.services import composing, follow_up, public_links, replies
from deskcore.services.public_settings import PublicSettings, change_public_settings
from deskcore.services.unit import reading, unit_of_work
from tests import factories

JANA = "jana@customer.example"
BODY = "Dobrý den,\n\npošleme <novou> konvičku & víčko.\nPetr"
SIGNATURE = "-- \nČajovna, Brno"
ON = PublicSettings(has_link_in_mails=True)


@pytest.fixture
def agent(app: Flask) -> Actor:
    return factories.a_user("owner")


@pytest.fixture
def number(app: Flask) -> int:
    mailbox = factories.a_mailbox(address="help@shop.example")
    with unit_of_work() as unit:
        change = update(Mailbox).where(Mailbox.id == mailbox)
        unit.session.execute(change.values(signature="Čajovna, Brno"))
    return factories.a_ticket(mailbox, customer=factories.a_customer("Jana Nováková", JANA))


def answered(
    agent: Actor, number: int, *, to: str = JANA, cc: tuple[str, ...] = ()
) -> OutboundMessage:
    form = ReplyForm(body=BODY, to=(to,), cc=cc, status_key="open", seen_upto=0, send_anyway=True)
    queued = replies.queue_reply(agent, number, form)
    return composed(queued.delivery_id)


def composed(delivery_id: int) -> OutboundMessage:
    with reading() as session:
        return composing.compose(session, session.get_one(Delivery, delivery_id))


def key_of(number: int) -> str:
    found = public_links.key_of_ticket(SYSTEM, number)
    return found[0] if found else ""


def test_until_the_owner_wants_a_link_a_mail_is_the_words_and_the_signature(
    agent: Actor, number: int
) -> None:
    message = answered(agent, number)
    words = f"{BODY}\n\n{SIGNATURE}"
    assert message.text == words
    assert message.html == from_text(words)
    with reading() as session:
        assert session.scalars(select(PublicLink)).all() == []


def test_with_the_link_the_customer_finds_their_request(agent: Actor, number: int) -> None:
    change_public_settings(SYSTEM, ON)
    before = answered(agent, number)
    key = key_of(number)
    assert follow_up.open_request(key).number == number
    link = f"/r/{key}"
    assert before.text.index(BODY) < before.text.index(link) < before.text.index(SIGNATURE)
    assert before.html.count(link) == 2  # where it leads, and what it says
    assert link in answered(agent, number).text  # the same one


def test_nobody_else_is_sent_the_link(agent: Actor, number: int) -> None:
    change_public_settings(SYSTEM, ON)
    for message in (
        answered(agent, number, cc=("colleague@customer.example",)),
        answered(agent, number, to="supplier@elsewhere.example"),
    ):
        assert "/r/" not in message.text + message.html
    with unit_of_work() as unit:
        unit.session.execute(update(TicketParticipant).values(role="unconfirmed"))
    assert "/r/" not in answered(agent, number).text


def test_a_link_that_was_ended_before_the_mail_left_is_not_in_it(agent: Actor, number: int) -> None:
    change_public_settings(SYSTEM, ON)
    form = ReplyForm(body=BODY, to=(JANA,), cc=(), status_key="open", seen_upto=0)
    queued = replies.queue_reply(agent, number, form)
    public_links.revoke(agent, number)
    assert "/r/" not in composed(queued.delivery_id).text


def test_a_closed_public_side_is_not_mailed_about(agent: Actor, number: int) -> None:
    change_public_settings(SYSTEM, replace(ON, is_on=False))
    assert "/r/" not in answered(agent, number).text


@pytest.mark.parametrize(
    ("locale", "words"),
    [("en", "Read and answer on the web:"), ("ru", "Прочитать и ответить на сайте:"),
     ("cs", "Číst a odpovědět na webu:")],
)  # fmt: skip
def test_the_link_is_in_the_customer_s_language(
    agent: Actor, number: int, locale: str, words: str
) -> None:
    change_public_settings(SYSTEM, ON)
    with unit_of_work() as unit:
        customer = select(Ticket.customer_id).where(Ticket.number == number).scalar_subquery()
        change = update(Customer).where(Customer.id == customer)
        unit.session.execute(change.values(locale=locale))
    message = answered(agent, number)
    assert words in message.text
    assert words in message.html
