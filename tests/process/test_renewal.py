"""A running desk follows the set of plugins, whatever it could read of it when it began."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from deskcore import renewal
from deskcore.config import load_config
from deskcore.plugin.orders import Order
from deskcore.services import plugin_errands, plugin_records
from deskcore.services.unit import unit_of_work
from deskcore.web import renewed
from tests.plugin.authoring import write_plugin
from tests.process.conftest import StartDesk
from tests.process.desks import Desk, wait_until

SAYS = """
import logging
from deskcore.plugin import hookimpl

@hookimpl
def desk_permissions():
    logging.getLogger("tea").warning("tea is ready")
    return []
"""


def rename(instance: Path, before: str, after: str) -> None:
    with closing(sqlite3.connect(instance / "desk.db", timeout=30)) as connection:
        connection.execute(f"ALTER TABLE {before} RENAME TO {after}")
        connection.commit()


def activate_tea(instance: Path) -> None:
    write_plugin(instance / "plugins", "tea", SAYS)
    outcome = plugin_errands.run(load_config(instance=instance), Order(what="activate", slug="tea"))
    assert outcome.is_done, outcome


def wait_for(desk: Desk, event: str, times: int) -> None:
    wait_until(lambda: desk.count(event) >= times, f"{event} {times} times", lambda: desk.errors)


def test_a_child_that_could_not_read_the_set_is_replaced_when_it_can_be_read(
    start_desk: StartDesk, tmp_path: Path
) -> None:
    desk = start_desk(command="web")
    wait_for(desk, "web ready", 1)
    activate_tea(tmp_path / "instance")
    wait_for(desk, "web stopped", 1)
    assert desk.count("tea is ready") == 1
    rename(tmp_path / "instance", "plugin_set", "away")
    os.kill(desk.child("web"), signal.SIGKILL)
    wait_for(desk, "web ready", 3)
    rename(tmp_path / "instance", "away", "plugin_set")
    wait_for(desk, "tea is ready", 2)
    assert desk.stop() == 0


def test_a_desk_in_safe_mode_is_left_alone_by_a_change_of_the_set(
    start_desk: StartDesk, tmp_path: Path
) -> None:
    desk = start_desk(command="web", safe_mode="1")
    wait_for(desk, "web ready", 1)
    activate_tea(tmp_path / "instance")
    wait_for(desk, "web ready", 2)
    second = desk.child("web")
    wait_until(lambda: desk.count("web stopped") == 1, "the first one ends", lambda: desk.errors)
    os.kill(desk.process.pid, signal.SIGHUP)
    wait_until(lambda: desk.child("web") != second, "a third one", lambda: desk.errors)
    assert desk.count("web ready") == 3
    assert desk.stop() == 0


def test_whoever_waits_for_a_change_is_not_content_with_what_came_of_an_earlier_one(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _pid, number: told.append(number))
    renewing = renewal.Renewal(app, tmp_path)
    with unit_of_work() as unit:
        plugin_records.set_changed(unit)
        plugin_records.set_changed(unit)
    wanted = renewing.look()
    assert wanted is not None
    assert renewal.wanted(tmp_path) == wanted
    renewal.note_serving(tmp_path, [wanted - 1, None])
    renewing.ended()  # another process serves, made with the first of the two
    assert not renewing.wait_for_set(wanted, 0.2)
    renewal.note_serving(tmp_path, [wanted, wanted - 1])  # not all pages come from it
    assert not renewing.wait_for_set(wanted, 0.2)
    renewal.note_serving(tmp_path, [wanted, wanted])
    assert renewing.wait_for_set(wanted, 0.2)
    assert told == [renewal.TOLD]


def test_a_database_that_says_nothing_is_no_sign_that_a_change_has_come(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> int:
        raise OperationalError("", {}, Exception("away"))

    renewing = renewal.Renewal(app, tmp_path)
    renewal.note_serving(tmp_path, [renewing.generation, plugin_records.generation()])
    monkeypatch.setattr(os, "kill", lambda *_: None)
    renewing.look()
    monkeypatch.setattr(plugin_records, "generation", away)
    monkeypatch.setattr(renewed, "_SUCCESSOR_S", 0.2)
    assert not renewed.await_successor()


def test_a_parent_outlives_a_disk_that_takes_nothing(tmp_path: Path) -> None:
    (tmp_path / "serving").mkdir()  # nothing can be put in its place, nor read there
    renewal.note_serving(tmp_path, [1])
    renewal.note_serving(tmp_path / "gone", [1])
