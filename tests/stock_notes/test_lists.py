"""Lists of a shop's day: who ticked what and when, and what was missed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from deskcore import clock
from deskcore.api.data import today
from deskcore.domain.people import Actor
from deskcore.errors import Invalid, NotAllowed, NotFound
from deskcore.extensions import db
from plugins.stock_notes import lists
from plugins.stock_notes.lists import Written
from tests.factories import a_user
from tests.stock_notes.test_card import plain, rows
from tests.web.conftest import Visitor

OPENING = Written(
    name="Opening",
    kind="opening",
    place="Harbour",
    days="1234567",
    items=("Lights", "Till", "Sign"),
)
FORM = {
    "name": "Closing",
    "kind": "closing",
    "place": "",
    "days": ["1", "2", "3", "4", "5", "6", "7"],
    "items": "Lock the door\n\n Count  the till \nLock the door",
    "version": "",
}


def since(days: int) -> None:
    """Have every item been on its list for so many days."""
    day = clock.now().date() - timedelta(days=days)
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE plg_stock_notes_item SET since = :day"), {"day": day})


def test_a_list_is_written_ticked_and_taken_back_in_the_browser(owner: Visitor) -> None:
    owner.get("/p/stock_notes/lists/new")
    assert (
        owner.post("/p/stock_notes/lists/new", {**FORM, "name": "", "days": []}).status_code == 422
    )
    owner.post("/p/stock_notes/lists/new", FORM)
    page = plain(owner.get("/p/stock_notes/lists").text)
    assert "Closing 0 of 2" in page
    (item, _other) = [row[0] for row in rows("SELECT id FROM plg_stock_notes_item ORDER BY id")]
    owner.post(f"/p/stock_notes/lists/items/{item}/tick")
    page = plain(owner.get("/p/stock_notes/lists").text)
    assert "Closing 1 of 2" in page
    assert "Lock the door" in page
    assert ", Eva Nová" in page or "Eva Nová" in page
    owner.post(f"/p/stock_notes/lists/items/{item}/untick")
    assert "Closing 0 of 2" in plain(owner.get("/p/stock_notes/lists").text)
    assert owner.post("/p/stock_notes/lists/items/999/tick").status_code == 404


def test_what_was_not_ticked_on_a_day_gone_by_was_missed(owner: Visitor, eva: Actor) -> None:
    list_id = lists.create(eva, OPENING)
    since(3)
    (lights, till, _sign) = lists.runs(lists.all_lists(), today(), today())[0].lines
    with db.engine.begin() as connection:
        ticked = text("INSERT INTO plg_stock_notes_tick VALUES (:item, :day, 1, 'Petr', :at)")
        yesterday = today() - timedelta(days=1)
        for line in (lights, till):
            told = {"item": line.id, "day": yesterday, "at": "2026-01-01 00:00:00+00"}
            connection.execute(ticked, told)
    missed = lists.missed(lists.all_lists())
    assert [[line.words for line in run.missed] for run in missed] == [
        ["Sign"],
        ["Lights", "Till", "Sign"],
        ["Lights", "Till", "Sign"],
    ]
    page = plain(owner.get("/p/stock_notes/lists").text)
    assert "Missed in the last week" in page
    days = plain(owner.get(f"/p/stock_notes/lists/{list_id}").text)
    assert "2 of 3" in days
    assert "Sign missed" in days
    assert "Petr" in days


def test_an_item_that_goes_leaves_its_days_and_one_that_stays_keeps_its_ticks(eva: Actor) -> None:
    list_id = lists.create(eva, OPENING)
    since(1)
    day = today()
    line = lists.runs(lists.all_lists(), day, day)[0].lines[0]
    lists.tick(eva, line.id, is_done=True)
    changed = Written(
        name="Opening", kind="opening", place="", days="1234567", items=("Cat", "Lights")
    )
    lists.change(eva, list_id, changed, version=1)
    (run, yesterday) = lists.history(lists.one(list_id), day)
    assert [(each.words, each.by_name) for each in run.lines] == [
        ("Cat", ""),
        ("Lights", "Eva Nová"),
    ]
    assert [each.words for each in yesterday.missed] == ["Lights", "Till", "Sign"]
    with pytest.raises(Invalid, match="Somebody changed this list meanwhile"):
        lists.change(eva, list_id, changed, version=1)
    lists.remove(eva, list_id)
    assert rows("SELECT item_id FROM plg_stock_notes_tick") == []
    with pytest.raises(NotFound):
        lists.one(list_id)


def test_the_first_tick_stays_and_rights_are_asked_for(eva: Actor) -> None:
    lists.create(eva, OPENING)
    agent, viewer = a_user("agent", name="Petr"), a_user("viewer")
    line = lists.runs(lists.all_lists(), today(), today())[0].lines[0]
    lists.tick(agent, line.id, is_done=True)
    lists.tick(eva, line.id, is_done=True)
    assert rows("SELECT by_name FROM plg_stock_notes_tick") == [("Petr",)]
    with pytest.raises(NotAllowed):
        lists.tick(viewer, line.id, is_done=True)
    with pytest.raises(NotAllowed):
        lists.create(agent, OPENING)
