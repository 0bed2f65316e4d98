"""What stands under an answer with an offer: which it is and how far it got, for colleagues only."""

from __future__ import annotations

import re

import pytest

from deskcore.domain.kinds import Direction
from deskcore.services import drafts
from plugins.cross_sell import chances, links, offers
from tests.cross_sell.shop import DESCALER, KETTLE, stocked
from tests.factories import a_customer, a_mailbox, a_message, a_ticket
from tests.statements import statements
from tests.web.conftest import Visitor
from tests.web.test_tickets import answer, eva

NOTE = re.compile(r'data-plugin="cross_sell">(Offer “[^<]*)<')
NAME = "Descaler with a kettle"


@pytest.fixture
def number(owner: Visitor) -> int:
    stocked(DES_1=5)
    offers.create(eva(), DESCALER)
    customer = a_customer("Olga Malá", "olga@cz.example")
    return a_ticket(a_mailbox(), subject="Klara", text=KETTLE, customer=customer)


def offered(owner: Visitor, number: int) -> str:
    """Answer with the offer of the card; returns the token of its link."""
    owner.get(f"/p/cross_sell/for/{number}")
    owner.post(f"/p/cross_sell/for/{number}/1/insert")
    body = drafts.get(eva(), number, "reply").body
    assert owner.post(f"/t/{number}/reply", answer(owner, number, body=body)).status_code == 303
    (token,) = links.tokens_in(body)
    return token


def said(owner: Visitor, number: int) -> list[str]:
    return NOTE.findall(owner.get(f"/t/{number}").text)


def asked(owner: Visitor, number: int) -> int:
    """Count the statements of the ticket's page that ask the plugin's tables."""
    owner.get(f"/t/{number}")
    with statements() as seen:
        owner.get(f"/t/{number}")
    return len([statement for statement in seen if "plg_cross_sell" in statement])


def test_an_answer_says_which_offer_it_holds_and_how_far_that_got(
    owner: Visitor, visitor: Visitor, number: int
) -> None:
    assert asked(owner, number) == 0
    token = offered(owner, number)
    assert said(owner, number) == [f"Offer “{NAME}”: link not opened yet."]
    visitor.get(links.path_of(token))
    assert said(owner, number) == [f"Offer “{NAME}”: link not opened yet."]  # nobody pressed
    visitor.post(links.path_of(token))
    assert said(owner, number) == [f"Offer “{NAME}”: link opened, not taken yet."]
    owner.get(f"/p/cross_sell/for/{number}")
    owner.post(f"/p/cross_sell/for/{number}/taken", {"code": "CLEAN10"})
    taken = f"Offer “{NAME}”: link opened, and taken, as Eva Nová noted."
    assert said(owner, number) == [taken]
    owner.get("/me")
    owner.post(
        "/me",
        {"name": "Eva Nová", "language": "cs", "time_zone": "", "theme": "auto", "density": "cosy"},
    )
    assert f"Nabídka „{NAME}“: odkaz otevřen a nabídka využita" in owner.get(f"/t/{number}").text


def test_all_answers_of_a_page_are_asked_for_at_once_and_only_they_are_remarked_on(
    owner: Visitor, number: int
) -> None:
    link = f"See http://localhost{links.path_of(offered(owner, number))}"
    for _again in range(3):
        a_message(number, link, direction=Direction.OUT, author=eva())
    a_message(number, link)  # the customer's own words
    a_message(number, link, direction=Direction.NOTE, author=eva())
    a_message(number, "http://localhost/c/cross_sell/short", direction=Direction.OUT, author=eva())
    assert asked(owner, number) == 1
    assert len(said(owner, number)) == 4


def test_a_link_of_somebody_elses_ticket_tells_nothing_and_one_without_a_chance_neither(
    owner: Visitor, number: int
) -> None:
    token = offered(owner, number)
    chances.click(token)
    other = a_ticket(a_mailbox(), subject="Tea", customer=a_customer("Ivo", "ivo@cz.example"))
    for copied in (token, "x" * 22):
        text = f"http://localhost{links.path_of(copied)}"
        a_message(other, text, direction=Direction.OUT, author=eva())
    assert said(owner, other) == []


def test_what_was_taken_without_the_link_is_said_as_well(owner: Visitor, number: int) -> None:
    offered(owner, number)
    owner.get(f"/p/cross_sell/for/{number}")
    owner.post(f"/p/cross_sell/for/{number}/taken", {"code": "CLEAN10"})
    assert said(owner, number) == [f"Offer “{NAME}”: taken, as Eva Nová noted; link not opened."]
