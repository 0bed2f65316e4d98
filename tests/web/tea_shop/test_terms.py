"""Operators of the search that plugins bring."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from deskcore.config import Config
from deskcore.extensions import db
from deskcore.services import ticket_page
from tests.factories import a_customer, a_mailbox, a_ticket
from tests.plugin.authoring import write_plugin
from tests.plugin.tea import part
from tests.web.conftest import Visitor
from tests.web.test_tickets import eva

BROKEN = """
from sqlalchemy import literal_column, select
from deskcore.plugin import SearchTerm, hookimpl

def ill(value):
    return select(literal_column("no_such_column")).where(literal_column("mood") == value)

@hookimpl
def desk_search_terms():
    return [SearchTerm(name="mood", label="of a mood", example="mood:ill", tickets=ill)]
"""
GREEDY = """
from deskcore.plugin import SearchTerm, hookimpl

@hookimpl
def desk_search_terms():
    return [SearchTerm(name="from", label="x", example="from:x", tickets=lambda value: None)]
"""


@pytest.fixture
def config(config: Config) -> Config:
    for slug, code in (("broken", BROKEN), ("greedy", GREEDY)):
        write_plugin(config.instance / "plugins", slug, code)
    return config.model_copy(update={"plugins": (*(config.plugins or ()), "broken", "greedy")})


@pytest.fixture
def numbers(owner: Visitor) -> dict[str, int]:
    with db.engine.begin() as connection:
        shelves = [{"tea": "Assam", "count": 3}, {"tea": "Sencha", "count": 0}]
        connection.execute(insert(part("tables").SHELVES), shelves)
    mailbox, olga = a_mailbox(), a_customer("Olga", "olga@cz.example")
    numbers = {
        tea: a_ticket(mailbox, subject=f"{tea} please", customer=olga)
        for tea in ("Assam", "Sencha")
    }
    asked = [
        {"ticket_id": ticket_page.read(eva(), number).id, "tea": tea}
        for tea, number in numbers.items()
    ]
    with db.engine.begin() as connection:
        connection.execute(insert(part("tables").ASKED), asked)
    return numbers


def found(owner: Visitor, numbers: dict[str, int], typed: str) -> set[str]:
    page = owner.get(f"/search?q={typed}").text
    return {tea for tea, number in numbers.items() if f'href="/t/{number}"' in page}


@pytest.mark.parametrize(
    ("typed", "teas"),
    [
        ("stock:none", {"Sencha"}),
        ("stock:some", {"Assam"}),
        ("stock:some please", {"Assam"}),
        ("stock:some pleas", {"Assam"}),
        ("stock:some is:solved", set()),
        ("stock:some stock:none", set()),
        ("stock:purple", set()),
    ],
)
def test_desk_search_terms_narrow_a_search(
    owner: Visitor, numbers: dict[str, int], typed: str, teas: set[str]
) -> None:
    assert found(owner, numbers, typed) == teas
    assert ("could not look for this" in owner.get(f"/search?q={typed}").text) == (
        "purple" in typed
    )


def test_desk_search_terms_that_fail_find_nothing_and_say_so(
    owner: Visitor, numbers: dict[str, int]
) -> None:
    assert found(owner, numbers, "please mood:ill") == set()
    page = owner.get("/search?q=please mood:ill").text
    assert "The desk could not look for this: mood:ill" in page
    assert found(owner, numbers, "please") == {"Assam", "Sencha"}
    assert "desk_search_terms failed" in owner.get("/admin/plugins/broken").text


def test_desk_search_terms_are_told_beside_the_search(owner: Visitor) -> None:
    page = owner.get("/search").text
    assert "<code>stock:none</code> about tea that is sold out" in page


def test_desk_search_terms_leave_the_desks_own_alone(owner: Visitor) -> None:
    assert "must be a word that the desk does not use" in owner.get("/admin/plugins/greedy").text
