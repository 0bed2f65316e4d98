"""Boxes of plugins: beside a ticket, on a customer's page, drawn at once or fetched later."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import insert

from deskcore.config import Config
from deskcore.extensions import db
from deskcore.services import ticket_page
from tests.factories import a_customer, a_mailbox, a_team, a_ticket
from tests.plugin.authoring import write_plugin
from tests.plugin.tea import part
from tests.web.conftest import Visitor
from tests.web.test_tickets import PARTIAL, eva

LAZY: Mapping[str, str] = {**PARTIAL, "HX-Source": "a#panel-tea_shop-2-lazy"}

BROKEN = """
from deskcore.plugin import Panel, hookimpl

class Sulking(str):
    def __html__(self):
        raise RuntimeError("no")

@hookimpl
def desk_ticket_panels():
    return [
        Panel(title="Fine", body="<b>as text</b>"),
        Panel(title="Sulking", body=Sulking("hello")),
        Panel(title="Nowhere", template="plugins/broken/none.html"),
        Panel(title="Foreign", template="plugins/tea_shop/_shelves.html"),
    ]

@hookimpl
def desk_customer_panels():
    return [Panel(title="Big", body="x" * 100_001)]
"""


@pytest.fixture
def config(config: Config) -> Config:
    write_plugin(config.instance / "plugins", "broken", BROKEN)
    return config.model_copy(update={"plugins": (*(config.plugins or ()), "broken")})


@pytest.fixture
def number(owner: Visitor) -> int:
    """Give a ticket of somebody who waits for Sencha."""
    number = a_ticket(a_mailbox(), customer=a_customer("Olga", "olga@cz.example"))
    tables = part("tables")
    with db.engine.begin() as connection:
        connection.execute(insert(tables.SHELVES).values(tea="Assam", count=3))
        connection.execute(insert(tables.WISHES).values(customer_id=of(number), tea="Sencha"))
    return number


def of(number: int) -> int:
    card = ticket_page.read(eva(), number).customer
    assert card
    return card.id


def test_desk_ticket_panels_are_drawn_from_the_plugins_own_template(
    owner: Visitor, number: int
) -> None:
    page = owner.get(f"/t/{number}").text
    assert "On the shelves" in page
    assert "<li>Assam <span" in page


def test_desk_ticket_panels_that_are_fetched_are_a_link_and_a_page(
    owner: Visitor, number: int
) -> None:
    address = f"/p/tea_shop/wishes/{of(number)}"
    page = owner.get(f"/t/{number}").text
    assert f'href="{address}" hx-get="{address}"' in page
    assert "<li>Sencha" not in page
    alone = owner.get(address).text
    assert "<h1" in alone
    assert "<li>Sencha</li>" in alone
    fetched = owner.get(address, headers=LAZY).text.strip()
    assert fetched.startswith('<ul class="lines"><li>Sencha')


def test_desk_ticket_panels_that_are_fetched_in_vain_leave_their_place_to_say_so(
    owner: Visitor, number: int
) -> None:
    missing = owner.get("/p/tea_shop/wishes/9999", headers=LAZY)
    assert (missing.status_code, missing.text) == (404, "")
    assert "data-failed" in owner.get(f"/t/{number}").text


def test_desk_ticket_panels_that_break_say_so_and_leave_the_others(
    owner: Visitor, number: int
) -> None:
    page = owner.get(f"/t/{number}").text
    assert page.count("This panel could not be shown.") == 3
    assert "&lt;b&gt;as text&lt;/b&gt;" in page
    assert "On the shelves" in page
    faults = owner.get("/admin/plugins/broken").text
    assert "desk_ticket_panels failed" in faults
    assert "plugins/tea_shop/_shelves.html is not in plugins/broken/." in faults


def test_desk_ticket_panels_are_shown_to_those_with_their_right(
    owner: Visitor, number: int, colleague: Callable[[str], Visitor]
) -> None:
    ticket = ticket_page.read(eva(), number)
    a_team(ticket.mailbox_id)
    viewer = colleague("viewer")
    page = viewer.get(f"/t/{number}").text
    assert "Fine" in page
    assert "On the shelves" not in page
    assert viewer.get(f"/p/tea_shop/wishes/{of(number)}").status_code == 403


def test_desk_customer_panels_stand_on_the_customers_page(owner: Visitor, number: int) -> None:
    page = owner.get(f"/customers/{of(number)}").text
    assert "Waits for" in page
    assert "Sencha" in page
    assert "This panel could not be shown." in page  # the big one
