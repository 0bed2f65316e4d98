"""Robots: a thousand posts without the work make nothing, fifty people in a minute make fifty."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from deskcore.models import InboundItem
from plugins.web_form import proof
from tests.web.conftest import Visitor
from tests.web_form.conftest import FILLED, URL, Writer, tickets, work_off
from tests.web_form.test_sending import count, photo

# What is counted here is the same on both databases, and takes its time.
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
_TOKEN = re.compile(r'name="page" value="([^"]+)"')


@ON_SQLITE
def test_a_thousand_posts_without_the_work_make_no_ticket(set_up: Flask, writer: Writer) -> None:
    page = _TOKEN.search(writer.open())[1]  # type: ignore[index]  # a page with a token
    client, kinds = set_up.test_client(), set()
    for number in range(1_000):
        token = (page, "", "forged.token", page[:-2])[number % 4]
        solution = ("", "e30=", "bm90aGluZw==", "{}")[number // 4 % 4]
        sent = {**FILLED, "page": token, "altcha": solution, "f-message": f"Buy {number}"}
        with set_up.app_context():
            kinds.add(client.post(URL, data=sent).status_code)
    assert kinds == {200, 422}
    work_off()
    assert tickets() == []
    assert count(InboundItem) == 0


@ON_SQLITE
def test_fifty_people_of_one_network_in_a_minute_are_fifty_tickets(
    set_up: Flask, writer: Writer
) -> None:
    for number in range(50):
        person = Writer(set_up.test_client())
        person.open()
        answer = person.send({"f-email": f"person{number}@example.cz"})
        assert answer.status_code == 303, answer.text
    work_off()
    found = tickets()
    assert len(found) == len({ticket.customer_id for ticket in found}) == 50
    assert not any(ticket.spam_at for ticket in found)


def test_work_is_good_for_its_own_page_only(set_up: Flask, writer: Writer) -> None:
    writer.open()
    work, page = writer.work(), writer.hidden()["page"]
    other = Writer(set_up.test_client())
    other.open()
    answer = other.post({**FILLED, "page": other.hidden()["page"], "altcha": work})
    assert "Check your answers" in answer.text
    # A page of one form is none of another, and one that was never given is nobody's.
    assert proof.unseal(page, 999) is None
    assert proof.unseal(page + "x", 1) is None


def test_without_scripts_people_look_it_over_and_send_it(set_up: Flask, writer: Writer) -> None:
    writer.open()
    seen = writer.send({"f-files": photo()}, works=False)
    assert seen.status_code == 200
    for shown in ("Check your answers", "Nothing was sent yet", "It came in two.", "cup.png"):
        assert shown in seen.text
    again = writer.post({**writer.hidden(), "change": "1"})
    assert (again.status_code, "It came in two." in again.text) == (200, True)
    assert "cup.png" in again.text
    writer.send(works=False)
    # What was looked at is what is sent: anything else is shown first.
    changed = writer.post({**writer.hidden(), "f-message": "Buy now"})
    assert "Check your answers" in changed.text
    answer = writer.post(dict(writer.hidden()))
    assert answer.status_code == 303, answer.text
    work_off()
    (ticket,) = tickets()
    assert (ticket.spam_at, ticket.has_files) == (None, True)


def test_whoever_runs_no_scripts_is_limited_by_place_and_told_so(
    set_up: Flask, writer: Writer
) -> None:
    codes = []
    for number in range(7):
        writer.open()
        writer.send({"f-message": f"Message {number}"}, works=False)
        answer = writer.post(dict(writer.hidden()))
        codes.append(answer.status_code)
    assert codes == [303] * 5 + [429] * 2
    assert "Nothing is lost" in answer.text
    assert "Message 6" in answer.text
    work_off()
    assert len(tickets()) == 5
    # Others of the same network, whose browsers do the work, are not held up by it.
    writer.open()
    assert writer.send().status_code == 303


def test_a_page_that_lay_open_for_days_is_given_back_filled_in(writer: Writer) -> None:
    writer.open(ago_s=3 * 24 * 3600)
    old = writer.send()
    assert old.status_code == 422
    assert "This page was open for very long" in old.text
    assert "It came in two." in old.text
    assert unescape(old.text).count('value="A-17"') == 1


def test_posts_from_other_sites_are_refused(writer: Writer, owner: Visitor) -> None:
    writer.open()
    sent = {**FILLED, **writer.hidden(), "altcha": writer.work()}
    with writer.client.application.app_context():
        answer = writer.client.post(URL, data=sent, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    work_off()
    assert tickets() == []
