"""Further fields of tickets, which a plugin declares and the desk keeps."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import BytesIO
from threading import Barrier
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.config import Config
from deskcore.domain.people import SYSTEM
from deskcore.models import Ticket, TicketField
from deskcore.plugin import FieldValue
from deskcore.services import plugin_data, privacy_export, ticket_fields, ticket_page
from deskcore.services.unit import reading, unit_of_work
from tests.databases import opened
from tests.factories import a_customer, a_mailbox, a_ticket
from tests.web.conftest import Visitor
from tests.web.test_tickets import eva

TYPED = {
    "field-tea_shop-order": "A-1042",
    "field-tea_shop-grams": "1 250,5",
    "field-tea_shop-wanted_by": "2026-12-24",
    "field-tea_shop-leaf": "bags",
}


@pytest.fixture
def number(owner: Visitor) -> int:
    return a_ticket(a_mailbox(), subject="Order", customer=a_customer("Olga", "olga@cz.example"))


def save(owner: Visitor, number: int, **typed: str) -> int:
    owner.get(f"/t/{number}/edit")
    fields = {f"field-tea_shop-{name}": value for name, value in typed.items()}
    return owner.post(f"/t/{number}/edit", {"subject": "Order", **fields}).status_code


def id_of(number: int) -> int:
    with reading() as session:
        return session.scalars(select(Ticket.id).where(Ticket.number == number)).one()


def test_two_people_who_fill_a_field_at_once_are_both_heard(
    owner: Visitor, set_up: Flask, number: int
) -> None:
    at_once = Barrier(2)

    def fill(grams: float) -> None:
        with set_up.app_context():
            at_once.wait()
            ticket_fields.change(SYSTEM, number, {"tea_shop.grams": grams})

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(fill, (100.0, 200.0)))
    with reading() as session:
        assert ticket_fields.values_of(session, id_of(number))["tea_shop.grams"] in {100.0, 200.0}
        assert session.scalars(select(TicketField.key)).all() == ["tea_shop.grams"]
    page = owner.get(f"/t/{number}").text
    assert (page.count("set Grams to"), page.count("changed Grams from")) == (1, 1)


def test_desk_ticket_fields_are_changed_and_shown_on_the_ticket(
    owner: Visitor, number: int
) -> None:
    form = owner.get(f"/t/{number}/edit").text
    assert all(f'name="{name}"' in form for name in TYPED)
    assert 'type="date"' in form
    assert owner.post(f"/t/{number}/edit", {"subject": "Order", **TYPED}).status_code == 303
    page = owner.get(f"/t/{number}").text
    for shown in ("A-1042", "1,250.5", "Dec 24, 2026", "Tea bags"):
        assert f"<dd>{shown}</dd>" in page
    assert "Eva Nová set Grams to “1250.5”" in page
    again = owner.get(f"/t/{number}/edit").text
    assert 'value="1250.5"' in again
    assert '<option value="bags" selected' in again
    assert save(owner, number, order="") == 303
    assert "A-1042</dd>" not in owner.get(f"/t/{number}").text


@pytest.mark.parametrize(
    ("name", "typed", "said"),
    [
        ("grams", "a few", "Enter a number"),
        ("grams", "inf", "Enter a number"),
        ("grams", "1e300", "Enter a number"),
        ("wanted_by", "24. 12.", "Enter a day as year-month-day"),
        ("leaf", "stems", "Choose one of the values listed"),
        ("order", "x" * 1001, "at most 1000 characters"),
    ],
)
def test_desk_ticket_fields_hold_only_what_they_are_for(
    owner: Visitor, number: int, name: str, typed: str, said: str
) -> None:
    owner.get(f"/t/{number}/edit")
    refused = owner.post(f"/t/{number}/edit", {"subject": "Other", f"field-tea_shop-{name}": typed})
    assert refused.status_code == 422
    assert said in refused.text
    assert typed in refused.text or name == "leaf"  # no choice of the menu
    assert "Order" in owner.get(f"/t/{number}").text
    with reading() as session:
        assert ticket_fields.values_of(session, id_of(number)) == {}


def test_desk_ticket_fields_are_found_by_what_they_hold(owner: Visitor, number: int) -> None:
    assert f"/t/{number}" not in owner.get("/search?q=zelenka").text
    save(owner, number, order="Zelenka 77", grams="512")
    assert f'href="/t/{number}"' in owner.get("/search?q=zelenka").text
    assert f'href="/t/{number}"' in owner.get("/search?q=512 order").text
    save(owner, number, order="")
    assert f'href="/t/{number}"' not in owner.get("/search?q=zelenka").text


def test_desk_ticket_fields_are_written_and_read_by_their_plugin(
    owner: Visitor, number: int
) -> None:
    values: dict[str, FieldValue | None] = {
        "tea_shop.order": "7",
        "tea_shop.grams": 20.0,
        "tea_shop.wanted_by": date(2026, 1, 2),
    }
    with unit_of_work(SYSTEM) as unit:
        ticket_fields.set_fields(unit, id_of(number), values)
    with reading() as session:
        assert ticket_fields.values_of(session, id_of(number)) == values
    with pytest.raises(LookupError), unit_of_work(SYSTEM) as unit:
        ticket_fields.set_fields(unit, id_of(number), {"coffee.order": "7"})
    with pytest.raises(TypeError), unit_of_work(SYSTEM) as unit:
        ticket_fields.set_fields(unit, id_of(number), {"tea_shop.grams": "many"})


def test_desk_ticket_fields_wait_for_a_plugin_that_is_away(
    owner: Visitor, number: int, config: Config
) -> None:
    save(owner, number, order="A-1042")
    without = config.model_copy(update={"plugins": ("email", "spam")})
    with opened(without, has_pages=True) as desk:
        browser = Visitor(desk.test_client())
        browser.sign_in()
        page = browser.get(f"/t/{number}").text
        assert 'id="ticket-fields"' not in page
        assert "field-tea_shop" not in browser.get(f"/t/{number}/edit").text
    assert "A-1042</dd>" in owner.get(f"/t/{number}").text


def test_desk_ticket_fields_are_handed_out_with_their_customer(owner: Visitor, number: int) -> None:
    save(owner, number, order="A-1042")
    archive = BytesIO()
    card = ticket_page.read(eva(), number).customer
    assert card
    privacy_export.export(eva(), card.id, archive)
    (ticket,) = json.loads(ZipFile(archive).read("customer.json"))["tickets"]
    assert ticket["fields"] == {"tea_shop.order": "A-1042"}


def test_desk_ticket_fields_go_when_their_plugin_is_uninstalled(
    owner: Visitor, number: int
) -> None:
    save(owner, number, order="A-1042", leaf="bags")
    with unit_of_work(SYSTEM) as unit:
        unit.session.add(TicketField(key="tea.order", label="Order", kind="text"))
    with unit_of_work(SYSTEM) as unit:
        assert plugin_data.remove_rows(unit, "tea_shop")["fields"] == 2
    with reading() as session:
        assert session.scalars(select(TicketField.key)).all() == ["tea.order"]
        assert ticket_fields.values_of(session, id_of(number)) == {}
