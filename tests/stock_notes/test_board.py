"""The restock board: four columns, moves that say when somebody else was quicker, and telling."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from deskcore.domain.people import Actor
from deskcore.extensions import db
from deskcore.services import access
from deskcore.services.unit import reading
from plugins.stock_notes import board, waits
from plugins.stock_notes.waits import Wish
from tests.factories import a_customer, a_mailbox, a_ticket
from tests.stock_notes.test_card import PARTIAL, plain, rows
from tests.stock_notes.waiting import work
from tests.web.conftest import Visitor

BOARD = "/p/stock_notes/restock"


@pytest.fixture
def waiting(owner: Visitor) -> int:
    """Have two wait for Sencha; returns the id of its card."""
    mailbox = a_mailbox()
    with reading() as session:
        eva = access.actor_of(session, 1)
    assert eva is not None
    for name in ("Olga", "Ivan"):
        customer = a_customer(name, f"{name.lower()}@cz.example")
        waits.put(eva, a_ticket(mailbox, text="Sencha?", customer=customer), Wish(product="T-2"))
    return int(str(rows("SELECT id FROM plg_stock_notes_card")[0][0]))


def lanes(page: str) -> dict[str, str]:
    found = re.findall(r'data-lane="(\w+)".*?</section>', page, flags=re.DOTALL)
    parts = re.split(r'data-lane="\w+"', page)[1:]
    return {lane: plain(part) for lane, part in zip(found, parts, strict=True)}


def test_a_card_is_moved_by_its_form_and_keeps_who_did(owner: Visitor, waiting: int) -> None:
    page = owner.get(BOARD).text
    assert "Sencha 2 wait expected May 17, 2030" in lanes(page)["watching"]
    assert "Tell 2 people" in lanes(page)["watching"]
    gone = owner.post(f"{BOARD}/{waiting}/move", {"lane": "ordered", "version": "1"})
    assert gone.location == BOARD
    page = owner.get(BOARD).text
    assert "Sencha" in lanes(page)["ordered"]
    assert "Eva Nová" in lanes(page)["ordered"]
    assert "“Sencha” is in “Ordered”." in plain(page)


def test_every_page_of_the_plugin_has_its_styles_and_scripts(owner: Visitor, waiting: int) -> None:
    for path in (BOARD, f"{BOARD}/{waiting}/tell", "/p/stock_notes/lists"):
        page = owner.get(path).text
        assert "/stock_notes/board.js" in page
        assert "/stock_notes/stock.css" in page
    assert "/stock_notes/board.js" not in owner.get("/").text


def test_who_was_quicker_is_named_and_nothing_is_moved(owner: Visitor, waiting: int) -> None:
    owner.get(BOARD)
    owner.post(f"{BOARD}/{waiting}/move", {"lane": "arrived", "version": "1"})
    late = owner.post(f"{BOARD}/{waiting}/move", {"lane": "ordered", "version": "1"})
    assert late.status_code == 422
    assert "Eva Nová changed this card meanwhile: it is in “Arrived” now." in plain(late.text)
    assert "Sencha" in lanes(late.text)["arrived"]
    late = owner.post(f"{BOARD}/{waiting}/expect", {"expected": "2030-01-05", "version": "1"})
    assert late.status_code == 422
    owner.post(f"{BOARD}/{waiting}/expect", {"expected": "2030-01-05", "version": "2"})
    assert "expected Jan 5, 2030" in plain(owner.get(BOARD).text)
    assert (
        owner.post(f"{BOARD}/{waiting}/move", {"lane": "moon", "version": "3"}).status_code == 422
    )
    owner.post(f"{BOARD}/{waiting}/remove")
    assert (
        owner.post(f"{BOARD}/{waiting}/move", {"lane": "told", "version": "3"}).status_code == 404
    )


def test_a_move_by_htmx_draws_the_board_alone(owner: Visitor, waiting: int) -> None:
    owner.get(BOARD)
    wanted = {**PARTIAL, "HX-Target": "div#stock-board", "X-CSRFToken": owner.token}
    form = {"lane": "ordered", "version": "1", "csrf_token": owner.token}
    with owner.client.application.app_context():
        answer = owner.client.post(f"{BOARD}/{waiting}/move", data=form, headers=wanted)
    assert answer.status_code == 200
    assert 'id="stock-board"' in answer.text
    assert "<html" not in answer.text


def test_one_press_after_a_preview_tells_them_and_the_page_counts(
    owner: Visitor, waiting: int
) -> None:
    tell = f"{BOARD}/{waiting}/tell"
    page = owner.get(tell).text
    assert "So reads Olga" in plain(page)
    assert "2 people read it in this language." in plain(page)
    assert "Sencha is here again." in page
    looked = {"text_en": "Hello {{no.body}}, {{product.name}}!", "count": "2"}
    shown = owner.post(f"{BOARD}/{waiting}/preview", looked).text
    assert "Nothing is known for: no.body." in plain(shown)
    refused = owner.post(tell, looked)
    assert refused.status_code == 422
    assert "A placeholder in this text is not known" in refused.text
    assert owner.post(tell, {"text_en": "It is back.", "count": "1"}).status_code == 422
    gone = owner.post(tell, {"text_en": "It is back.", "count": "2"})
    progress = owner.get(gone.location).text
    assert "0 of 2 told" in plain(progress)
    assert "How far the telling is" in owner.get(BOARD).text
    owner.post(f"{gone.location}/stop")
    work()
    assert "Stopped: 2 go on waiting." in plain(owner.get(gone.location).text)
    owner.post(f"{gone.location}/resume")
    work()
    assert "2 of 2 told 2 / 2 Done." in plain(owner.get(gone.location).text)
    assert "nobody waits 2 were told" in lanes(owner.get(BOARD).text)["told"]
    assert "told customers that something is back" in owner.get("/admin/audit").text
    assert "There is nobody to tell" in owner.get(tell).text


def test_a_new_wish_for_what_was_told_brings_its_card_back(owner: Visitor, waiting: int) -> None:
    owner.get(BOARD)
    owner.post(f"{BOARD}/{waiting}/move", {"lane": "told", "version": "1"})
    number = a_ticket(a_mailbox(), customer=a_customer())
    owner.post(f"/p/stock_notes/card/{number}/wait", {"product": "T-2"})
    assert "Sencha 3 wait" in lanes(owner.get(BOARD).text)["watching"]


def test_figures_agree_with_a_recount_of_their_own(owner: Visitor, waiting: int) -> None:
    """The recount is SQL of its own, with nothing of the plugin in it."""
    with reading() as session:
        eva = access.actor_of(session, 1)
    assert eva is not None
    names = {"T-1": "Assam", "T-2": "Sencha", "T-3": "Gyokuro"}
    _several(eva)
    with db.engine.begin() as connection:
        ask = text("INSERT INTO plg_stock_notes_ask VALUES (:t, :p, NULL, true, :at)")
        for ticket, product in ((1, "T-2"), (2, "T-2"), (2, "T-1"), (3, "T-3")):
            connection.execute(ask, {"t": ticket, "p": product, "at": "2030-01-01 00:00:00+00"})
    page = plain(owner.get(BOARD).text)
    recount = """SELECT product, COUNT(*) FROM plg_stock_notes_wait
        WHERE ended_at IS NULL AND state <> 'told' GROUP BY product"""
    waiting_by = {str(row[0]): row[1] for row in rows(recount)}
    for product, count in waiting_by.items():
        wait = "waits" if count == 1 else "wait"
        assert f"{names[product]} {count} {wait}" in page
    demand = plain(owner.get("/p/stock_notes/demand").text)
    for key, times in rows("SELECT product, COUNT(*) FROM plg_stock_notes_ask GROUP BY product"):
        assert f"{names[str(key)]} {waiting_by.get(str(key), 0)} {times}" in demand


def _several(eva: Actor) -> None:
    mailbox = a_mailbox()
    for product, count in (("T-1", 3), ("T-3", 1)):
        for _customer in range(count):
            ticket = a_ticket(mailbox, customer=a_customer())
            waits.put(eva, ticket, Wish(product=product))
    assert board.read().lanes["watching"]
