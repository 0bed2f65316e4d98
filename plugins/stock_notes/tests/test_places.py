"""Where stock notes take part in the desk, and which right each part asks for."""

from __future__ import annotations

from datetime import date

import pytest

from deskcore.api import Category, CustomerId, MailboxId, TicketId
from deskcore.plugin import CustomerRef, StockLevel, TicketRef
from plugins.stock_notes import (
    desk_customer_panels,
    desk_jobs,
    desk_nav_items,
    desk_permissions,
    desk_search_terms,
    desk_ticket_panels,
)
from plugins.stock_notes.languages import language_of
from plugins.stock_notes.lists import DayRun, Line, ShopList
from plugins.stock_notes.products import Levels, is_unknown, unknown_key

TICKET = TicketRef(
    id=TicketId(1), number=1001, subject="Tea?", category=Category.OPEN, mailbox_id=MailboxId(1)
)


def test_a_ticket_and_a_customer_have_a_box_that_is_filled_when_looked_at() -> None:
    (panel,) = desk_ticket_panels(TICKET)
    assert (panel.url, panel.permission) == ("/p/stock_notes/card/1001", "stock_notes.stock.see")
    (panel,) = desk_customer_panels(CustomerRef(id=CustomerId(7), name="Olga"))
    assert panel.url == "/p/stock_notes/customers/7"
    assert {link.permission for link in desk_nav_items()} == {"stock_notes.stock.see"}


def test_telling_customers_and_writing_lists_are_rights_of_their_own() -> None:
    roles = {right.name: right.roles for right in desk_permissions()}
    assert "viewer" in roles["stock_notes.stock.see"]
    assert "viewer" not in roles["stock_notes.customers.tell"]
    assert roles["stock_notes.lists.manage"] == ("owner", "admin")


def test_it_brings_one_job_and_one_word_of_the_search() -> None:
    assert [job.name for job in desk_jobs()] == ["stock_notes.tell"]
    assert [term.name for term in desk_search_terms()] == ["stock"]


@pytest.mark.parametrize(
    ("said", "language"),
    [
        ("Есть ли у вас сенча?", "ru"),
        ("Máte ještě čaj? Děkuji.", "cs"),
        ("Do you have tea?", ""),
        ("", ""),
    ],
)
def test_the_letters_of_a_text_tell_its_language(said: str, language: str) -> None:
    assert language_of(said) == language


def test_levels_of_all_places_are_one_sum_and_a_debt_is_none() -> None:
    places = (
        StockLevel(key="a", count=3, place="Harbour"),
        StockLevel(key="a", count=-2, place="High Street"),
    )
    levels = Levels(places=places)
    assert (levels.total, levels.where, levels.known) == (3, "Harbour", True)
    assert not Levels().known


def test_what_nobody_sells_is_known_by_its_words() -> None:
    assert unknown_key("  blue   teapot ") == "?blue teapot"
    assert is_unknown(unknown_key("x"))
    assert unknown_key(" \x00 ") == ""


def test_only_a_day_gone_by_misses_something() -> None:
    each = ShopList(id=1, name="Opening", kind="opening", place="", days="12345", version=1)
    assert each.is_due(date(2026, 11, 27))
    assert not each.is_due(date(2026, 11, 28))
    lines = (Line(id=1, words="Lights", by_name="Eva"), Line(id=2, words="Till"))
    day = date(2026, 11, 27)
    over = DayRun(shop_list=each, day=day, lines=lines, is_over=True)
    assert (over.done, [line.words for line in over.missed]) == (1, ["Till"])
    assert DayRun(shop_list=each, day=day, lines=lines, is_over=False).missed == ()
