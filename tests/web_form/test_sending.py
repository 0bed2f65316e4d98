"""A form that a customer fills in: a ticket, once, with everything in it, never lost."""

from __future__ import annotations

import threading
from io import BytesIO

from flask import Flask
from sqlalchemy import func, select

from deskcore.domain.events import TicketFlagged
from deskcore.models import Attachment, Event, InboundItem, Message
from deskcore.services import ticket_fields
from deskcore.services.unit import reading
from plugins.web_form import fields, kept
from plugins.web_form.tables import KEPT, SENT
from tests.factories import a_mailbox, a_team
from tests.web.conftest import Visitor
from tests.web.test_tickets import eva
from tests.web_form.conftest import FILLED, Writer, tickets, work_off
from tests.web_form.forms import change, contact, with_topic

PHOTO = b"\x89PNG\r\n\x1a\n" + b"0" * 40


def count(thing: object) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(thing)) or 0  # type: ignore[arg-type]  # a model or table


def photo() -> tuple[BytesIO, str]:
    return BytesIO(PHOTO), "cup.png"


def test_a_form_becomes_a_ticket_with_all_that_was_answered(owner: Visitor, writer: Writer) -> None:
    team, other = a_team(name="Warehouse"), a_mailbox("Returns")
    change(eva(), team_id=team, mailbox_id=other, tags=["web"], texts={"thanks": {"en": "Soon."}})
    fields.add(eva(), contact().id, "date", "Bought on", language="en")
    writer.open()
    answer = writer.send({"f-bought_on": "2026-11-02", "f-files": photo()})
    assert answer.status_code == 303, answer.text
    assert "in a moment a link to follow it stands here" in writer.open(answer.location)
    work_off()
    (ticket,) = tickets()
    assert (ticket.subject, ticket.customer_name) == ("Broken cup", "Jana Malá")
    assert (ticket.team_id, ticket.mailbox_id) == (team, other)
    with reading() as session:
        message = session.scalars(select(Message)).one()
        values = ticket_fields.values_of(session, ticket.id)
        assert session.scalars(select(Attachment.filename)).all() == ["cup.png"]
    assert message.author_address == "jana@example.cz"
    said = "It came in two.\nWhat now?\n\nOrder number: A-17\nBought on: 2026-11-02\n"
    assert message.visible.startswith(said)
    assert values["web_form.form"] == "Contact"
    assert values["web_form.order_number"] == "A-17"
    assert str(values["web_form.bought_on"]) == "2026-11-02"
    page = owner.get(f"/t/{ticket.number}").text
    for shown in ("A-17", "Bought on", "web", "cup.png"):
        assert shown in page
    receipt = writer.open(answer.location)
    for shown in (f"Its number is {ticket.number}.", "Soon."):
        assert shown in receipt
    follow = receipt.split('id="follow" href="')[1].split('"')[0]
    assert "It came in two." in writer.open(follow)
    owner.get(f"/t/{ticket.number}/edit")
    saved = {"subject": "Broken cup", "field-web_form-bought_on": "2026-11-03"}
    assert owner.post(f"/t/{ticket.number}/edit", saved).status_code == 303
    assert "2026-11-03" in owner.get(f"/t/{ticket.number}/edit").text


def test_the_same_page_twice_is_one_ticket_also_while_no_worker_runs(writer: Writer) -> None:
    writer.open()
    same = {"page": writer.hidden()["page"], "altcha": writer.work(), **FILLED}
    first, second = writer.post(dict(same)), writer.post(dict(same))
    assert first.location == second.location
    assert count(InboundItem) == 1
    work_off()
    third = writer.post(dict(same))
    assert third.location == first.location
    work_off()
    assert len(tickets()) == count(SENT) == 1
    # What says something else is not thrown away: it can be sent as a message of its own.
    other = writer.post({**same, "f-message": "And the saucer, too."})
    assert other.status_code == 409
    assert f"it has the number {tickets()[0].number}" in other.text
    assert "And the saucer, too." in other.text
    answer = writer.send({"f-message": "And the saucer, too."})
    assert answer.status_code == 303
    work_off()
    assert len(tickets()) == 2


def test_two_posts_of_one_page_at_once_are_one_ticket(set_up: Flask, writer: Writer) -> None:
    writer.open()
    same = {"page": writer.hidden()["page"], "altcha": writer.work(), **FILLED}
    answers: list[tuple[int, str]] = []

    def post() -> None:
        answer = set_up.test_client().post(writer.url, data=same)
        answers.append((answer.status_code, answer.location))

    threads = [threading.Thread(target=post) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {code for code, _place in answers} == {303}
    assert len(set(answers)) == 1
    work_off()
    assert len(tickets()) == 1


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    owner: Visitor, writer: Writer
) -> None:
    with_topic(eva())
    writer.open()
    wrong = writer.send({"f-email": "jana", "f-subject": " ", "f-files": photo()})
    assert wrong.status_code == 422
    for said in (
        "Choose an answer for “Topic”.",
        "Enter a mail address in full",
        "Fill in “What is it about?”.",
        '<a href="#f-topic-1">',
        "It came in two.",
        "cup.png",
        "<title>Error: ",
    ):
        assert said in wrong.text, said
    # The condition is judged on the server: a return needs its order number, a question does not.
    page = writer.hidden()["page"]
    returned = writer.post({**FILLED, "page": page, "f-topic": "Return", "f-order_number": ""})
    assert "Fill in “Order number”." in returned.text
    assert "cup.png" in returned.text
    answer = writer.send({"f-topic": "Question", "f-order_number": "left over"})
    assert answer.status_code == 303, answer.text
    work_off()
    (ticket,) = tickets()
    assert ticket.has_files
    with reading() as session:
        values = ticket_fields.values_of(session, ticket.id)
    assert values["web_form.topic"] == "Question"
    assert "web_form.order_number" not in values
    assert count(KEPT) == 0


def test_files_that_were_kept_can_be_left_out_and_are_forgotten(writer: Writer) -> None:
    writer.open()
    page = writer.send({"f-subject": "", "f-files": photo()}).text
    drop = page.split('name="drop" value="')[1].split('"')[0]
    assert writer.send({"drop": drop}).status_code == 303
    work_off()
    assert not tickets()[0].has_files
    writer.open()
    writer.send({"f-subject": "", "f-files": photo()})
    kept.forget_old()
    assert count(KEPT) == 1
    stale = Writer(writer.client)
    stale.open(ago_s=30)
    with reading() as session:
        key = session.scalars(select(KEPT.c.page_key)).one()
    assert len(kept.of_page(key)) == 1


def test_a_form_in_another_language_is_read_by_the_desk(owner: Visitor, writer: Writer) -> None:
    with_topic(eva())
    page = writer.open(f"{contact_url()}?lang=cs")
    assert "Vrácení" in page
    answer = writer.send({"f-topic": "Return"})
    assert answer.status_code == 303, answer.text
    work_off()
    (ticket,) = tickets()
    with reading() as session:
        assert ticket_fields.values_of(session, ticket.id)["web_form.topic"] == "Return"
        assert "Téma: Vrácení" in session.scalars(select(Message.visible)).one()


def contact_url() -> str:
    return f"/c/web_form/{contact().slug}"


def test_a_form_that_no_mailbox_could_answer_says_so_and_keeps_everything(set_up: Flask) -> None:
    writer = Writer(set_up.test_client())
    writer.open()
    answer = writer.send()
    assert answer.status_code == 409
    assert "we have no mailbox to answer from" in answer.text
    assert "It came in two." in answer.text
    assert count(InboundItem) == 0


def test_what_is_in_doubt_is_among_the_spam_and_not_lost(owner: Visitor, writer: Writer) -> None:
    writer.open()
    assert writer.send({"website": "http://cheap.example"}).status_code == 303
    writer.open(ago_s=0)
    answer = writer.send()
    assert answer.status_code == 303
    work_off()
    assert [ticket.spam_at is not None for ticket in tickets()] == [True, True]
    with reading() as session:
        told = session.scalars(select(Event.data).where(Event.name == TicketFlagged.name)).all()
    assert ["people do not see" in str(told[0]), "faster than" in str(told[1])] == [True, True]
    receipt = writer.open(answer.location)
    assert f"Its number is {tickets()[1].number}." in receipt
    assert 'id="follow"' not in receipt
