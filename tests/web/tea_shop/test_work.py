"""What a plugin does in the background, and how it says it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from deskcore import clock
from deskcore.config import Config
from deskcore.domain.people import SYSTEM
from deskcore.models import Job, PluginFault
from deskcore.plugin.net import network_allowed
from deskcore.services import jobs, plugin_health, ticks
from deskcore.services.unit import reading, unit_of_work
from deskcore.testing.simulator import Fault, Reply
from tests.databases import opened
from tests.plugin.tea import Till, point_at
from tests.web.conftest import Visitor

SHELVES = "/p/tea_shop/stock"


@pytest.fixture
def till(desk: Flask) -> Iterator[Till]:
    with Till() as till:
        point_at(till)
        yield till


def work() -> None:
    with network_allowed():
        while jobs.run_next("test"):
            pass


def waiting() -> dict[str, int]:
    with reading() as session:
        return {row.name: row.tries for row in session.scalars(select(Job))}


def faults() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(PluginFault.place)))


def test_desk_jobs_are_enqueued_by_a_page_and_run_by_the_worker(owner: Visitor, till: Till) -> None:
    owner.get(SHELVES)
    owner.post(f"{SHELVES}/Assam")
    owner.post(f"{SHELVES}/Assam")
    assert waiting() == {"tea_shop.shelf": 0}
    work()
    page = owner.get(SHELVES).text
    assert "Assam: 3" in page
    assert "Sencha" not in page
    assert waiting() == {}


def test_desk_jobs_come_round_by_the_clock_once_a_turn(owner: Visitor, till: Till) -> None:
    ticks.enqueue_due()
    work()
    assert "Sencha: 0" in owner.get(SHELVES).text
    till.shelves["Sencha"] = 9
    ticks.enqueue_due()
    assert "tea_shop.shelves" not in waiting()
    with time_machine.travel(clock.now() + timedelta(minutes=5)):
        ticks.enqueue_due()
        work()
    assert "Sencha: 9" in owner.get(SHELVES).text


def test_desk_jobs_that_fail_are_faults_of_the_plugin_and_run_again(
    set_up: Flask, till: Till
) -> None:
    with unit_of_work() as unit:
        unit.enqueue("tea_shop.shelf", {"wrong": 1})
    work()
    set_up.extensions["desk_faults"].flush()
    assert faults() == ["job tea_shop.shelf"]
    assert waiting() == {"tea_shop.shelf": 1}


def test_desk_jobs_wait_while_their_plugin_is_away(set_up: Flask, config: Config) -> None:
    with unit_of_work() as unit:
        unit.enqueue("tea_shop.shelf", {"only": "Assam"}, max_tries=1)
        unit.enqueue("coffee.shelf", max_tries=1)
    without = config.model_copy(update={"plugins": ("email", "spam")})
    with opened(without, has_pages=False):
        work()
        assert waiting() == {"tea_shop.shelf": 0, "coffee.shelf": 1}
        given_up = [one.name for one in jobs.failed(SYSTEM)]
    assert given_up == ["coffee.shelf"]


def test_desk_health_is_asked_by_the_worker_and_shown_to_admins(owner: Visitor, till: Till) -> None:
    assert "The till answers." not in owner.get("/admin").text
    with network_allowed():
        plugin_health.ask_plugins()
    assert "The till answers." in owner.get("/admin").text
    till.fail(Fault(how="answer", path="/shop", reply=Reply(status=500)))
    with network_allowed():
        plugin_health.ask_plugins()
    page = owner.get("/admin").text
    assert "The till answers with 500." in page
    assert "Switch it on." in page


@pytest.mark.parametrize("trouble", ["fails", "is silent"])
def test_desk_health_that_cannot_be_told_is_unknown(
    owner: Visitor, till: Till, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin_health, "LIMIT_S", 0.3)
    awkward = Fault(how="delay", path="/shop", seconds=1.0)
    if trouble == "fails":
        awkward = Fault(how="answer", path="/shop", reply=Reply(body=b"no JSON"))
    till.fail(awkward)
    with network_allowed():
        plugin_health.ask_plugins()
    (check,) = plugin_health.checks()
    assert (check.ok, check.is_known) == (False, False)
    assert "tea_shop: " in check.cure
    page = owner.get("/admin").text
    assert "A plugin could not say how it is." in page
    assert "Unknown" in page
