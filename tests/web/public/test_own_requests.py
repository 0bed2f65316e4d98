"""My requests as a customer's browser meets them: ask, look into the mail, press, read."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from deskcore.domain.people import SYSTEM
from deskcore.services import public_links
from tests import factories
from tests.services.test_request_links import letters, work
from tests.web.conftest import Visitor

JANA = "jana@customer.example"


@pytest.fixture
def number(set_up: Flask) -> int:
    """Give a ticket of somebody who wrote by mail."""
    mailbox = factories.a_mailbox(address="help@shop.example")
    jana = factories.a_customer("Jana Nováková", JANA)
    return factories.a_ticket(mailbox, customer=jana, subject="Broken kettle")


def test_without_a_mailbox_that_can_write_nobody_is_sent_there(
    set_up: Flask, visitor: Visitor
) -> None:
    assert 'href="/requests"' not in visitor.get("/help").text


def test_a_customer_finds_their_requests_by_mail(number: int, visitor: Visitor) -> None:
    assert 'href="/requests"' in visitor.get("/help").text
    visitor.get("/requests")
    known = visitor.post("/requests", {"email": JANA})
    unknown = visitor.post("/requests", {"email": "nobody@customer.example"})
    assert (known.status_code, known.headers["Location"]) == (303, "/requests?asked=1")
    assert known.headers["Location"] == unknown.headers["Location"]
    assert "If you wrote to us from this address" in visitor.get("/requests?asked=1").text
    work()
    [(address, text)] = letters()
    assert address == JANA
    link = re.search(r"http://[^/]+(/requests/\S+)", text)
    assert link
    for _look in range(2):  # a program that looks into mails opens it, too
        assert "Broken kettle" not in visitor.get(link[1]).text
    entered = visitor.post(link[1])
    assert entered.headers["Location"] == "/requests/mine"
    page = visitor.get("/requests/mine").text
    assert "We are on it" in page
    row = re.search(r'<a href="(/r/[\w-]{22})">Broken kettle</a>', page)
    assert row
    assert visitor.get(row[1]).status_code == 200
    stranger = Visitor(visitor.client.application.test_client())
    assert stranger.get("/requests/mine").headers["Location"] == "/requests"
    again = stranger.get(link[1])
    assert again.status_code == 404
    assert "too old" in again.text
    stranger.get("/requests")
    assert stranger.post(link[1]).status_code == 404


def test_a_link_that_an_agent_ended_leads_nowhere_from_the_list(
    number: int, visitor: Visitor
) -> None:
    visitor.get("/requests")
    visitor.post("/requests", {"email": JANA})
    work()
    visitor.post(letters()[0][1].partition("8080")[2].split()[0])
    assert "/r/" in visitor.get("/requests/mine").text
    public_links.revoke(SYSTEM, number)
    page = visitor.get("/requests/mine").text
    assert "Broken kettle" in page
    assert "/r/" not in page


def test_what_is_no_address_is_said_at_the_field(number: int, visitor: Visitor) -> None:
    visitor.get("/requests")
    answer = visitor.post("/requests", {"email": "jana"})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "“jana” is not a mail address." in answer.text


def test_asking_too_often_is_slowed_down(number: int, visitor: Visitor) -> None:
    visitor.get("/requests")
    answers = [visitor.post("/requests", {"email": JANA}).status_code for _time in range(12)]
    assert answers[0] == 303
    assert answers[-1] == 429
