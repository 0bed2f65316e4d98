"""Every figure of the plugins' pages, counted again by SQL that shares nothing with those pages.

Each has to be what its SQL says and what the story made; so neither page nor SQL can be wrong alone.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.story.shop import Story

_CHANCES = "SELECT COUNT(*) FROM plg_cross_sell_chance WHERE NOT is_control"
_WAITS = "SELECT COUNT(*) FROM plg_stock_notes_wait WHERE product = 'SEN-2' AND state"
_PLACE = "SELECT COUNT(*) FROM plg_catalogue_stock s JOIN plg_catalogue_place p ON p.id = s.place_id WHERE p.name"
_REVIEWS = """SELECT COUNT(*) FROM ticket t JOIN status s ON s.id = t.status_id
    WHERE t.kind = 'reviews.review' AND s.key"""
_TEA_HERE = "SELECT SUM(pieces) FROM plg_catalogue_stock s JOIN plg_catalogue_product p ON p.id = s.product_id WHERE p.sku = 'SEN-2'"
_ASKS = "SELECT COUNT(*) FROM plg_stock_notes_ask WHERE product = 'SEN-2' AND was_missing"
# Who is told by mail or in the chat has a message of this plugin's run in their ticket.
_TOLD = """SELECT COUNT(DISTINCT m.ticket_id) FROM message m JOIN plg_stock_notes_wait w ON w.ticket_id = m.ticket_id
    JOIN delivery d ON d.message_id = m.id WHERE d.state = 'sent'"""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Where a figure stands, the question that has to give the same, and what the story made."""

    page: str
    where: str
    sql: str
    made: int


def _step(number: int, condition: str, made: int) -> Figure:
    """Return a line of what came of offers."""
    return Figure(
        page="/p/cross_sell/results",
        where=f"#steps li:nth-child({number}) b",
        sql=f"{_CHANCES} AND {condition}",
        made=made,
    )


def _review(name: str, condition: str, made: int) -> Figure:
    where = f"#figure-{name}"
    return Figure(page="/p/reviews/", where=where, sql=f"{_REVIEWS} {condition}", made=made)


def _board(where: str, sql: str, made: int) -> Figure:
    return Figure(page="/p/stock_notes/restock", where=where, sql=sql, made=made)


def _demand(column: int, sql: str, made: int) -> Figure:
    where = f"#stock-unmet tr:has-text('{{tea}}') td:nth-child({column})"
    return Figure(page="/p/stock_notes/demand", where=where, sql=sql, made=made)


def _counted(place: str) -> Figure:
    return Figure(
        page="/p/catalogue/places",
        where=f"tr:has-text('{place}') td.num",
        sql=f"{_PLACE} = '{place}' AND pieces IS NOT NULL",
        made=3,
    )


FIGURES = (
    Figure(
        page="/p/web_form/",
        where="tr:has-text('Contact') td.num",
        sql="SELECT COUNT(*) FROM ticket t JOIN mailbox m ON m.id = t.mailbox_id WHERE m.name = 'Teahouse'",
        made=3,
    ),
    Figure(
        page="/p/catalogue/",
        where="main p[role=status]",
        sql="SELECT COUNT(*) FROM plg_catalogue_product WHERE is_sold",
        made=3,
    ),
    _counted("Praha"),
    _counted("Brno"),
    _step(1, "shown_at IS NOT NULL", 1),
    _step(2, "inserted_at IS NOT NULL", 1),
    _step(3, "sent_at IS NOT NULL", 1),
    _step(4, "clicked_at IS NOT NULL", 1),
    _step(5, "taken_at IS NOT NULL", 0),
    _step(6, "dismissed_at IS NOT NULL", 0),
    _step(7, "shown_at IS NULL AND taken_at IS NOT NULL", 0),
    _board("#stock-lane-told h2 .num", "SELECT COUNT(*) FROM plg_stock_notes_card", 1),
    _board("#stock-lane-told p.cluster", f"{_WAITS} = 'told'", 2),
    _board("#stock-lane-told p.cluster", _TOLD, 2),
    _board("#stock-lane-told .pill", _TEA_HERE, 12),
    _demand(2, f"{_WAITS} = 'waiting'", 0),
    _demand(3, _ASKS, 2),
    _demand(4, _TEA_HERE, 12),
    Figure(page="/p/stock_notes/runs/1", where="label[for=stock-told]", sql=_TOLD, made=2),
    _review("open", "NOT IN ('reviews.review.published', 'reviews.review.gone')", 0),
    _review("waiting", "IN ('reviews.review.asked', 'reviews.review.overdue')", 0),
    _review("answered", "= 'reviews.review.published'", 1),
)


def one(story: Story, sql: str) -> int:
    """Ask the desk's database for one number."""
    path = story.desk.instance / "desk.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        return int(database.execute(sql).fetchone()[0])


def compared(story: Story, page: Page) -> int:
    """Look at every page and compare; returns how many figures agree."""
    there = ""
    for figure in FIGURES:
        if figure.page != there:
            there = figure.page
            page.goto(there)
        assert one(story, figure.sql) == figure.made, figure
        where = figure.where.replace("{tea}", story.told.goods["SEN-2"])
        expect(page.locator(where).first).to_have_text(re.compile(rf"^\D*{figure.made}(\D|$)"))
    return len(FIGURES)
