"""A transaction that a plugin holds is ended, so that others can write."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from deskcore.config import Config, load_config
from deskcore.plugin.active import plugins
from deskcore.plugin.running import as_plugin
from deskcore.services import held
from deskcore.services.unit import unit_of_work
from deskcore.warden import Warden
from tests.databases import opened
from tests.factories import a_mailbox
from tests.plugin.authoring import write_plugin

CODE = """
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from deskcore.api.data import unit_of_work

def hold(app, begun, go_on, seen):
    with app.app_context():
        try:
            with unit_of_work() as unit:
                unit.session.execute(text("UPDATE mailbox SET name = 'Taken'"))
                begun.set()
                go_on.wait(20)
                unit.session.execute(text("UPDATE mailbox SET name = 'Taken again'"))
        except Exception as error:
            seen.append(type(error).__name__)
"""


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    write_plugin(tmp_path / "instance" / "plugins", "tea", CODE)
    return load_config(
        instance=tmp_path / "instance", database_url=database_url, plugins=("email", "tea")
    )


@pytest.fixture
def app(config: Config, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    monkeypatch.setattr(held, "HELD_S", 0.3)
    with opened(config, has_pages=False) as app:
        yield app


def test_a_plugin_that_holds_it_in_a_thread_of_its_own_is_cut_and_named(app: Flask) -> None:
    a_mailbox("Support")
    begun, go_on, seen = Event(), Event(), list[str]()
    holder = Thread(target=import_module("plugins.tea").hold, args=(app, begun, go_on, seen))
    holder.start()
    assert begun.wait(20)
    Warden(app).look()
    time.sleep(0.4)
    Warden(app).look()

    with unit_of_work() as unit:  # nobody is in the way any more
        unit.session.execute(text("UPDATE mailbox SET signature = 'Eva'"))
    go_on.set()
    holder.join()
    with unit_of_work() as unit:
        (row,) = unit.session.execute(text("SELECT name, signature FROM mailbox")).all()
    assert tuple(row) == ("Support", "Eva")
    assert seen
    fault = plugins().guard.last_fault("tea")
    assert fault is not None
    assert fault.place == "transaction"
    assert "go_on.wait(20)" in fault.traceback


def test_the_desks_own_long_work_is_left_alone(app: Flask) -> None:
    with unit_of_work() as unit:
        unit.session.execute(text("SELECT 1"))
        time.sleep(0.4)
        Warden(app).look()
        unit.session.execute(text("SELECT 1"))
    assert not held.is_any_long()


def test_a_transaction_that_is_over_is_forgotten(app: Flask) -> None:
    a_mailbox("Support")
    time.sleep(0.4)
    assert not held.is_any_long()


def test_a_plugin_that_goes_away_and_leaves_one_open_is_named(app: Flask) -> None:
    a_mailbox("Support")
    left = ExitStack()

    def begin() -> None:
        unit = left.enter_context(unit_of_work())
        unit.session.execute(text("SELECT 1"))

    as_plugin("tea", begin)  # in a thread of its own no call of it ends
    time.sleep(0.4)
    Warden(app).look()
    fault = plugins().guard.last_fault("tea")
    assert fault is not None
    assert fault.place == "transaction"
    with pytest.raises(DBAPIError):
        left.close()
    a_mailbox("Sales")
