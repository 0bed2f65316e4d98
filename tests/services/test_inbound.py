"""Mail that was received becomes tickets: once each, on the right ticket, seen by people."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from deskcore import clock
from deskcore.domain.fingerprint import mail_fingerprint
from deskcore.domain.kinds import Category, DeliveryState, InboundState, JobState
from deskcore.domain.writing import ReplyForm
from deskcore.models import (
    Attachment,
    ChannelAccount,
    Delivery,
    InboundItem,
    Job,
    Mailbox,
    Message,
    Ticket,
    TicketCount,
    TicketParticipant,
)
from deskcore.plugin.channel import RawItem
from deskcore.services import files, inbound, mailbox_views, replies
from deskcore.services import tickets as ticket_services
from deskcore.services.unit import reading, unit_of_work
from tests import factories

pytestmark = pytest.mark.usefixtures("app")


def mail(
    text: str = "Kde je moje objednávka?",
    *,
    sender: str = "Jana <jana@example.cz>",
    subject: str = "Objednávka 10432",
    message_id: str = "first@example.cz",
    extra: str = "",
) -> bytes:
    return (
        f"From: {sender}\r\nTo: help@shop.example\r\nSubject: {subject}\r\n"
        f"Message-ID: <{message_id}>\r\nDate: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"{extra}\r\n{text}\r\n"
    ).encode()


def receive(account_id: int, content: bytes, uid: str = "1", **meta: str) -> inbound.Stored:
    meta = {"fingerprint": mail_fingerprint(content), **meta}  # as the channel of mail gives it
    item = RawItem(external_id=uid, cursor=uid, received_at=clock.now(), content=content, meta=meta)
    stored = inbound.store(account_id, [item])
    inbound.file_items(stored.new_ids)
    return stored


@pytest.fixture
def account_id(app: Flask) -> int:
    mailbox_id = factories.a_mailbox(address="help@shop.example")
    with reading() as session:
        return session.scalars(
            select(ChannelAccount.id).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()


def tickets() -> list[Ticket]:
    with reading() as session:
        return list(session.scalars(select(Ticket).order_by(Ticket.id)))


def messages() -> list[Message]:
    with reading() as session:
        return list(session.scalars(select(Message).order_by(Message.id)))


def test_a_mail_opens_a_ticket_that_is_open_counted_and_waiting(account_id: int) -> None:
    receive(account_id, mail())
    (ticket,) = tickets()
    assert ticket.subject == "Objednávka 10432"
    assert ticket.category == Category.OPEN
    assert ticket.customer_name == "Jana"
    assert ticket.preview == "Kde je moje objednávka?"
    assert ticket.waiting_since is not None
    with reading() as session:
        assert session.scalar(select(func.sum(TicketCount.amount))) == 1


def test_the_same_item_received_twice_is_one_ticket(account_id: int) -> None:
    receive(account_id, mail())
    again = receive(account_id, mail())
    assert again.new_ids == ()
    assert again.known == 1
    assert len(tickets()) == 1


def test_the_same_bytes_under_another_uid_are_kept_as_a_copy_not_a_ticket(account_id: int) -> None:
    receive(account_id, mail())
    receive(account_id, mail(), uid="2")
    assert len(tickets()) == 1
    with reading() as session:
        copy = session.scalars(select(InboundItem).order_by(InboundItem.id.desc())).first()
    assert copy is not None
    assert copy.state == InboundState.DUPLICATE
    assert copy.duplicate_of_id is not None


def test_a_mailbox_tells_for_a_week_that_its_server_numbered_its_mails_anew(
    account_id: int,
) -> None:
    with time_machine.travel(clock.now(), tick=False) as travel:
        receive(account_id, mail())
        receive(account_id, mail(), uid="copy")
        assert renumbered_at() is None
        receive(account_id, mail(), uid="again", renumbered="1")
        assert renumbered_at() == clock.now()
        travel.shift(timedelta(days=8))
        assert renumbered_at() is None


def renumbered_at() -> datetime | None:
    with reading() as session:
        [view] = mailbox_views.views(session)
    return view.connections[0].renumbered_at


def test_mail_whose_filing_was_given_up_is_shown_to_people(account_id: int) -> None:
    item = RawItem(external_id="1", cursor=None, received_at=clock.now(), content=mail(), meta={})
    inbound.store(account_id, [item])

    def state() -> str:
        with reading() as session:
            return session.scalars(select(InboundItem.state)).one()

    with unit_of_work() as unit:
        row = unit.session.scalars(select(InboundItem)).one()
        row.stored_at = unit.now - timedelta(hours=1)
    inbound.show_given_up()
    assert state() == InboundState.STORED  # its job still waits
    with unit_of_work() as unit:
        unit.session.execute(update(Job).values(state=JobState.FAILED))
    inbound.show_given_up()
    assert state() == InboundState.FAILED


def test_a_number_given_to_another_mail_is_another_mail(account_id: int) -> None:
    yesterday, today = "2026-11-20T10:00:00+00:00", "2026-11-21T10:00:00+00:00"
    receive(account_id, mail(), internal_date=yesterday)
    # Some servers write a mail anew at each fetch: the same moment of arrival is the same mail.
    receive(account_id, mail("Přepsáno serverem"), internal_date=yesterday)
    assert len(messages()) == 1
    for _ in range(2):
        receive(account_id, mail("Něco úplně jiného"), internal_date=today)
    assert len(messages()) == 2


def test_two_mails_with_one_message_id_but_other_words_are_two_entries(account_id: int) -> None:
    receive(account_id, mail())
    receive(account_id, mail("Něco úplně jiného"), uid="2")
    assert len(messages()) == 2


def test_an_answer_by_reference_from_the_same_customer_joins_and_reopens(account_id: int) -> None:
    receive(account_id, mail())
    owner = factories.a_user("owner")
    ticket_services.change_status(owner, tickets()[0].number, "solved")
    answer = mail(
        "Ještě nepřišla.",
        message_id="second@example.cz",
        extra="In-Reply-To: <first@example.cz>\r\n",
    )
    receive(account_id, answer, uid="2")
    (ticket,) = tickets()
    assert ticket.category == Category.OPEN
    assert ticket.message_count == 2


def test_a_stranger_with_a_guessed_reference_does_not_get_into_the_ticket(account_id: int) -> None:
    receive(account_id, mail())
    stranger = mail(
        "Hand it over",
        sender="Eve <eve@evil.example>",
        message_id="evil@evil.example",
        extra="In-Reply-To: <first@example.cz>\r\n",
    )
    receive(account_id, stranger, uid="2")
    first, second = tickets()
    assert second.resembles_id == first.id
    assert first.message_count == 1


def test_a_ticket_number_in_a_subject_only_suggests(account_id: int) -> None:
    receive(account_id, mail())
    number = tickets()[0].number
    other = mail(
        "hello",
        sender="Eve <eve@evil.example>",
        subject=f"Re: [#{number}] Objednávka",
        message_id="evil2@evil.example",
    )
    receive(account_id, other, uid="2")
    assert [ticket.resembles_id for ticket in tickets()] == [None, tickets()[0].id]


def test_an_out_of_office_answer_does_not_reopen_a_solved_ticket(account_id: int) -> None:
    receive(account_id, mail())
    owner = factories.a_user("owner")
    ticket_services.change_status(owner, tickets()[0].number, "solved")
    auto = mail(
        "I am away",
        message_id="auto@example.cz",
        extra="In-Reply-To: <first@example.cz>\r\nAuto-Submitted: auto-replied\r\n",
    )
    receive(account_id, auto, uid="2")
    (ticket,) = tickets()
    assert ticket.category == Category.SOLVED
    assert ticket.message_count == 2


def test_bytes_that_are_no_mail_at_all_become_something_a_person_sees(account_id: int) -> None:
    receive(account_id, b"\x00\xff\xfe not a mail \x01" * 50)
    assert len(tickets()) == 1
    assert messages()[0].visible or messages()[0].warnings


def test_a_file_keeps_its_name_and_its_bytes(account_id: int) -> None:
    body = (
        "From: jana@example.cz\r\nSubject: Foto\r\nMessage-ID: <f@example.cz>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nsee file\r\n"
        '--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="účet.pdf"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\nJVBERi0xLjQK\r\n--b--\r\n"
    ).encode()
    receive(account_id, body)
    with reading() as session:
        file = session.scalars(select(Attachment)).one()
    assert file.filename == "účet.pdf"
    assert files.read(file.digest) == b"%PDF-1.4\n"


def test_an_acknowledgement_goes_to_people_once_and_never_for_mail_from_before(
    account_id: int,
) -> None:
    with unit_of_work() as unit:
        mailbox = unit.session.scalars(select(Mailbox)).one()
        mailbox.sends_acknowledgement = True
        mailbox.acknowledgement_text = "We have your message, it is #{{ticket.number}}."
    receive(account_id, mail())
    receive(
        account_id,
        mail("more", message_id="s@x.cz", extra="In-Reply-To: <first@example.cz>\r\n"),
        "2",
    )
    receive(
        account_id,
        mail("auto", message_id="a@x.cz", extra="Auto-Submitted: auto-generated\r\n"),
        "3",
    )
    receive(
        account_id,
        mail("old", sender="old@example.cz", message_id="o@x.cz"),
        "4",
        internal_date="2026-01-01T00:00:00+00:00",
    )
    with reading() as session:
        (delivery,) = session.scalars(select(Delivery)).all()
        said = session.get_one(Message, delivery.message_id)
    assert delivery.is_automatic
    assert delivery.state == DeliveryState.QUEUED
    assert said.to_addresses == ["jana@example.cz"]
    assert "#1001" in said.visible


def test_somebody_with_a_good_token_joins_unconfirmed(account_id: int) -> None:
    receive(account_id, mail())
    owner = factories.a_user("owner")
    replies.queue_reply(owner, 1001, ReplyForm(body="On its way", to=["jana@example.cz"]))
    with reading() as session:
        ours = session.scalars(select(Delivery.external_id)).one()
    answer = mail(
        "I am her husband",
        sender="karel@example.cz",
        message_id="k@example.cz",
        extra=f"In-Reply-To: <{ours}>\r\nReferences: <{ours}>\r\n",
    )
    receive(account_id, answer, uid="2")
    assert len(tickets()) == 1
    with reading() as session:
        roles = list(session.scalars(select(TicketParticipant.role)))
    assert sorted(roles) == ["customer", "unconfirmed"]


def test_a_bounce_marks_the_message_it_is_about_and_opens_no_ticket(account_id: int) -> None:
    receive(account_id, mail())
    owner = factories.a_user("owner")
    replies.queue_reply(owner, 1001, ReplyForm(body="On its way", to=["jana@example.cz"]))
    with unit_of_work() as unit:
        delivery = unit.session.scalars(select(Delivery)).one()
        delivery.state = DeliveryState.SENT
        ours = delivery.external_id
    bounce = (
        "From: MAILER-DAEMON@mx.example\r\nTo: help@shop.example\r\nReturn-Path: <>\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMessage-ID: <b@mx.example>\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n'
        "--r\r\nContent-Type: text/plain\r\n\r\nUser unknown\r\n"
        "--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        "Final-Recipient: rfc822; jana@example.cz\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--r\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{ours}>\r\n\r\n--r--\r\n"
    ).encode()
    receive(account_id, bounce, uid="2")
    assert len(tickets()) == 1
    assert tickets()[0].category == Category.OPEN
    with reading() as session:
        assert session.scalars(select(Delivery.state)).one() == DeliveryState.BOUNCED
