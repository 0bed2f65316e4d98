"""What the cards of the shelf cost: the ticket's page nothing, each card a few questions when it is looked at.

A question is a statement beyond those that let somebody in: who they are, whether they may see the ticket,
and how the desk writes times. It is listed here what each is for.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask, Response

from benchmarks.shelf import LAZY
from benchmarks.shelf_data import every_plugin, fill_shelf
from deskcore.api.data import read_ticket
from deskcore.api.web import current_actor, fragment, needs
from deskcore.config import Config
from tests.factories import a_customer, a_mailbox, a_ticket, a_user
from tests.statements import statements
from tests.web.conftest import Visitor
from tests.web.test_tickets import PARTIAL

SAID = ("what customers said", "what is sold of it, known by number or name")
QUESTIONS = {
    "catalogue": (*SAID, "how much there is of all of them"),
    "stock_notes": (
        *SAID,
        "what the customer waits for, and whether they refuse",
        "how much there is of all of them",
        "the notes on all of them",
        "what may stand in for the one that is out: one question for each such",
        "how much there is of all that may",
        "from how many on something is low: the settings",
        "the places that a note can be about",
    ),
    "cross_sell": (
        "what was offered to the customer before, and whether they want offers",
        "the offers with their words",
        "the customer's tickets",
        "their tags",
        "their fields: a rating may be one",
        "what was said in them: a complaint anywhere keeps offers back",
        "how carefully offers are made: the settings",
        "what is sold of what was said",
        *(f"what fits the product spoken of, {place}" for place in ("first", "second", "third")),
        "the products that offers name",
        "how much there is of all of them",
        "whether customers may come here: the desk's own, two",
        "the same",
        "what placeholders stand for: the desk reads the ticket for them",
    ),
    "reviews": (
        "the customer, and whether they may be seen: the desk hands them over whole",
        "with their addresses, by which reviews are known",
        "and with their tickets",
        "what they have written, with our answers",
        "the sites by name: accounts of a channel",
        "the desk's addresses, which come with accounts",
    ),
}


@pytest.fixture
def config(config: Config) -> Config:
    return config.model_copy(update={"plugins": tuple(every_plugin())})


@pytest.fixture
def number(owner: Visitor) -> int:
    """Give a ticket of which every card has something to say."""
    mailbox, customer = a_mailbox(), a_customer("Olga Malá", "olga@cz.example")
    asks = a_ticket(mailbox, subject="Kettles", text="Hello.", customer=customer)
    for _other in range(3):
        a_ticket(mailbox, subject="Thank you", text="It came.", customer=customer)
    fill_shelf(a_user("admin"), asks)
    return asks


def test_a_ticket_asks_nothing_of_the_shelf_and_each_card_a_known_number_of_questions(
    owner: Visitor, set_up: Flask, number: int
) -> None:
    for headers in ({}, {**PARTIAL, "HX-Target": "main#main"}):
        owner.get(f"/t/{number}", headers=headers)
        with statements() as seen:
            page = owner.get(f"/t/{number}", headers=headers).text
        assert not [statement for statement in seen if "plg_" in statement]
    cards = {slug: path for path, slug in LAZY.findall(page)}
    assert cards.keys() == QUESTIONS.keys()
    for slug, path in cards.items():
        asked = Counter(_asked(owner, path)) - Counter(_asked_to_come_in(owner, set_up, path))
        told = [statement[:100] for statement in asked.elements()]
        assert len(told) == len(QUESTIONS[slug]), slug
    for path, said in (
        (cards["catalogue"], "SH-00061"),
        (cards["stock_notes"], "Two more under the counter."),
        (cards["cross_sell"], "To it fits"),
        (cards["reviews"], "Zboží"),
    ):
        assert said in owner.get(path, headers=PARTIAL).text


def _asked(owner: Visitor, path: str) -> list[str]:
    assert owner.get(path, headers=PARTIAL).status_code == 200
    with statements() as seen:
        owner.get(path, headers=PARTIAL)
    # A plugin's use of a transaction stands between marks, which ask nothing.
    return [statement for statement in seen if "SAVEPOINT" not in statement]


def _asked_to_come_in(owner: Visitor, desk: Flask, path: str) -> list[str]:
    """Return what it costs to be let in there, by a view that shows nothing."""
    with desk.test_request_context(path) as context:
        endpoint = str(context.request.endpoint)
    shown, desk.view_functions[endpoint] = desk.view_functions[endpoint], _let_in()
    try:
        return _asked(owner, path)
    finally:
        desk.view_functions[endpoint] = shown


def _let_in() -> Callable[..., Response]:
    @needs("ticket.read")
    def view(number: int = 0, customer_id: int = 0) -> Response:
        if number:
            read_ticket(current_actor(), number)
        return fragment("plugins/catalogue/card.html", {"products": (), "levels": {}}, title="")

    return view
