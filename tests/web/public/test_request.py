"""The page of a request as a customer's browser meets it: headers, forms, words, what never leaks."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import update

from deskcore.domain.kinds import DeliveryState, Direction
from deskcore.domain.people import SYSTEM
from deskcore.models import Customer
from deskcore.services import public_links
from deskcore.services.public_settings import PublicSettings, change_public_settings, names_of
from deskcore.services.unit import unit_of_work
from tests import factories
from tests.services.test_follow_up import filed
from tests.web.conftest import Visitor

FORM_KEY = re.compile(r'name="form_key" value="([^"]+)"')
SETTINGS = PublicSettings()


@pytest.fixture
def number(set_up: Flask) -> int:
    """Give a ticket with a question in HTML, a note, and an answer by somebody with a name."""
    petra = factories.a_user("agent", name="Petra Zqstaffová")
    mailbox = factories.a_mailbox(address="help@shop.example")
    jana = factories.a_customer("Jana Nováková", "jana@customer.example")
    number = factories.a_ticket(mailbox, customer=jana, subject="Broken kettle", text="It leaks.")
    factories.a_message(
        number, "Look here.", html='<p onclick="x()">Look <b>here</b>.</p><script>alert(1)</script>'
    )
    factories.a_message(number, "zqnote", direction=Direction.NOTE, author=petra)
    factories.a_message(
        number,
        "We send another.",
        direction=Direction.OUT,
        delivery=DeliveryState.SENT,
        author=petra,
        cc=("zqcopied@elsewhere.example",),
    )
    return number


@pytest.fixture
def path(number: int) -> str:
    """Give the address of its page."""
    public_links.make_anew(SYSTEM, number)
    found = public_links.key_of_ticket(SYSTEM, number)
    assert found
    return f"/r/{found[0]}"


def test_a_customer_reads_answers_solves_and_reopens_without_an_account(
    path: str, visitor: Visitor
) -> None:
    page = visitor.get(path)
    assert page.status_code == 200
    assert "<script" not in page.text
    assert page.text.count("<h1") == 1
    assert "We are on it" in page.text
    key = FORM_KEY.search(page.text)
    assert key
    file = (BytesIO(b"a receipt"), "receipt.txt")
    answer = visitor.post(
        f"{path}/answer", {"form_key": key[1], "text": "Thank you", "files": file}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{path}?said=answer#said")
    assert "Your message is here" in visitor.get(f"{path}?said=answer").text
    filed()
    page = visitor.get(path)
    assert "Thank you" in page.text
    link = re.search(rf'href="({path}/files/\w+)"', page.text)
    assert link
    file_answer = visitor.get(link[1])
    assert file_answer.data == b"a receipt"
    assert file_answer.headers["Content-Disposition"] == "attachment; filename=receipt.txt"
    file_answer.close()
    visitor.post(f"{path}/solve")
    assert "Open it again" in visitor.get(path).text
    visitor.post(f"{path}/reopen")
    assert "It is solved" in visitor.get(path).text


def test_the_page_leaves_no_trace_elsewhere(path: str, visitor: Visitor) -> None:
    for address in (path, f"{path}/messages/1/body", f"{path}/nowhere"):
        answer = visitor.get(address, base_url="https://localhost")
        assert answer.headers["Cache-Control"] == "no-store", address
        assert answer.headers["Referrer-Policy"] == "no-referrer", address
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow", address
    assert "http" not in re.sub(r'"https?://localhost[^"]*"', "", visitor.get(path).text).replace(
        "http-equiv", ""
    )


def test_staff_copied_people_and_notes_are_not_on_the_page(path: str, visitor: Visitor) -> None:
    page = visitor.get(path).text.lower()
    assert [word for word in ("zqnote", "zqstaff", "zqcopied") if word in page] == []


@pytest.mark.parametrize(
    ("names", "shown", "hidden"),
    [
        ("shop", "Čajovna", "Petra"),
        ("first", "Petra", "Zqstaffová"),
        ("full", "Petra Zqstaffová", "zqnote"),
    ],
)
def test_answers_are_signed_as_the_owner_chose(
    path: str, visitor: Visitor, names: str, shown: str, hidden: str
) -> None:
    change_public_settings(SYSTEM, replace(SETTINGS, names=names_of(names)))
    said = re.findall(r'<b dir="auto">([^<]+)</b>', visitor.get(path).text)
    assert said == ["You", "You", shown]
    assert hidden not in said


def test_a_message_in_html_is_shown_as_text_and_its_frame_runs_nothing(
    path: str, visitor: Visitor
) -> None:
    page = visitor.get(path).text
    frame = re.search(r'<iframe[^>]+src="([^"]+)" sandbox="([^"]+)"', page)
    assert frame
    assert "allow-scripts" not in frame[2]
    body = visitor.get(frame[1])
    assert "sandbox" in body.headers["Content-Security-Policy"]
    assert "<b>here</b>" in body.text
    assert "onclick" not in body.text
    assert "alert" not in body.text


def test_the_page_speaks_the_customer_s_language_unless_they_want_another(
    path: str, visitor: Visitor
) -> None:
    with unit_of_work() as unit:
        unit.session.execute(update(Customer).values(locale="cs"))
    assert "Pracujeme na tom" in visitor.get(path).text
    assert "Занимаемся" in visitor.get(path, headers={"Accept-Language": "ru"}).text
    visitor.get(f"{path}?lang=en")
    assert "We are on it" in visitor.get(path, headers={"Accept-Language": "ru"}).text


def test_every_wrong_key_is_answered_alike(path: str, visitor: Visitor) -> None:
    wrong = [path[:-1], f"{path}A", "/r/x", "/r/0123456789abcdefghijkl"]
    answers = {
        (answer.status_code, re.sub(r"/r/[^\"?]+", "", answer.text))
        for answer in map(visitor.get, wrong)
    }
    assert len(answers) == 1
    assert answers.pop()[0] == 404


def test_a_form_that_was_not_fully_filled_in_keeps_what_was(path: str, visitor: Visitor) -> None:
    visitor.get(path)
    answer = visitor.post(f"{path}/answer", {"text": "x" * 20_001})
    assert answer.status_code == 422
    assert "Your message was not sent" in answer.text
    assert "x" * 20_001 in answer.text
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize("text", ["a\x00b", "\ud800 lone", "<b>bold</b> & {{ 7 * 7 }}"])
def test_whatever_is_typed_arrives(path: str, visitor: Visitor, text: str) -> None:
    visitor.get(path)
    answer = visitor.post(f"{path}/answer", {"text": text.encode("utf-8", "surrogatepass")})
    assert answer.status_code == 303
    filed()
    assert visitor.get(path).status_code == 200
    visitor.get("/requests")
    asked = {"email": b"a\xed\xa0\x80@customer.example"}
    assert visitor.post("/requests", asked).status_code in {303, 422}


def test_a_form_of_another_site_changes_nothing(path: str, visitor: Visitor) -> None:
    with visitor.client.application.app_context():
        answer = visitor.client.post(f"{path}/solve")
        forged = visitor.client.post(f"{path}/solve", headers={"Sec-Fetch-Site": "cross-site"})
    assert {answer.status_code, forged.status_code} == {403}
    assert "It is solved" in visitor.get(path).text


def test_a_closed_public_side_closes_every_link(path: str, visitor: Visitor) -> None:
    change_public_settings(SYSTEM, replace(SETTINGS, is_on=False))
    assert visitor.get(path).status_code == 404


def test_an_agent_makes_shows_renews_and_ends_the_link(
    number: int, owner: Visitor, visitor: Visitor
) -> None:
    place = f"/t/{number}/link"
    assert f'href="{place}"' in owner.get(f"/t/{number}").text
    assert "There is no link yet." in owner.get(place).text
    links = []
    for _time in range(2):
        owner.post(f"{place}/make")
        found = re.search(r"http://localhost(/r/[\w-]{22})", owner.get(place).text)
        assert found
        links.append(found[1])
        owner.get(place)
    assert [visitor.get(link).status_code for link in links] == [404, 200]
    owner.get(place)
    owner.post(f"{place}/end")
    assert visitor.get(links[1]).status_code == 404
