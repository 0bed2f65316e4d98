"""A transaction that a plugin began and never ended is ended, undone, and the plugin is named."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from deskcore.extensions import db
from deskcore.models import Mailbox
from deskcore.plugin.active import plugins
from deskcore.plugin.faults import PluginFailed
from deskcore.services import held
from deskcore.services.unit import current, reading, unit_of_work
from tests.factories import a_mailbox

TAKE = text("UPDATE mailbox SET name = 'Taken'")


def names() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Mailbox.name)))


def leave_open() -> Any:
    """Begin to write and give back what would end it."""
    manager = unit_of_work()
    manager.__enter__().session.execute(TAKE)
    return manager


def test_a_unit_of_work_that_is_left_open_is_undone_and_its_thread_goes_on(app: Flask) -> None:
    a_mailbox("Support")
    kept: list[Any] = []
    with pytest.raises(PluginFailed, match="left a transaction open"):
        plugins().guard.call("tea", "place", lambda: kept.append(leave_open()))
    assert current() is None
    assert not held._held
    assert names() == ["Support"]
    with unit_of_work() as unit:
        unit.session.execute(text("UPDATE mailbox SET name = 'Sales'"))
        # The plugin remembers it, in the middle of another one.
        with suppress(Exception):
            kept.pop().__exit__(None, None, None)
        assert current() is unit
    assert names() == ["Sales"]


def test_who_fails_and_leaves_one_open_is_named_with_its_own_failure(app: Flask) -> None:
    a_mailbox("Support")
    kept = []

    def fail() -> None:
        kept.append(leave_open())
        raise ZeroDivisionError

    with pytest.raises(PluginFailed, match="ZeroDivisionError"):
        plugins().guard.call("tea", "place", fail)
    assert current() is None
    assert names() == ["Support"]


def test_the_transaction_around_a_call_stays_open(app: Flask) -> None:
    a_mailbox("Support")
    with unit_of_work() as unit:
        plugins().guard.call("tea", "place", lambda: None)
        assert current() is unit


def test_connections_of_sessions_that_are_left_open_come_back(app: Flask) -> None:
    kept = []

    def leave_reading() -> None:
        manager = reading()
        manager.__enter__().execute(select(Mailbox.id)).all()
        kept.append(manager)

    before = db.engine.pool.checkedout()  # type: ignore[attr-defined]  # of the pool there is
    for _ in range(40):
        plugins().guard.call("tea", "place", leave_reading)
    assert db.engine.pool.checkedout() == before  # type: ignore[attr-defined]  # as above
