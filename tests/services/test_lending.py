"""A plugin's call inside a transaction of the desk: what it breaks there is its own part only."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from deskcore.clock import now
from deskcore.models import Mailbox, Message
from deskcore.plugin.active import plugins
from deskcore.plugin.faults import PluginFailed
from deskcore.services.unit import reading, reading_together, unit_of_work
from tests.factories import a_mailbox
from tests.statements import statements

NOWHERE = text("SELECT nothing FROM nowhere")


def names() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Mailbox.name).order_by(Mailbox.id)))


def call(work: Callable[[Session], object]) -> str:
    """Let a plugin do something with the session of whoever is at work; returns its fault."""

    def use() -> None:
        with reading() as session:
            work(session)

    try:
        plugins().guard.call("tea", "place", use)
    except PluginFailed as failed:
        return failed.fault.message
    return ""


def fail_silently(session: Session) -> None:
    for _ in range(2):
        with suppress(Exception):
            session.execute(NOWHERE)


def flush_rubbish(session: Session) -> None:
    session.add(Message())
    with suppress(Exception):
        session.flush()


BREAKS: dict[str, Callable[[Session], object]] = {
    "a failed statement": lambda session: session.execute(NOWHERE),
    "failed statements that it hides": fail_silently,
    "a flush of rubbish that it hides": flush_rubbish,
    "rubbish it leaves behind": lambda session: session.add(Message()),
    "a rollback": lambda session: session.rollback(),
    "a commit": lambda session: session.commit(),
    "a close": lambda session: session.close(),
    "a rollback of its part": lambda session: session.begin_nested().rollback(),
}
NOT_YOURS = {"a rollback", "a commit", "a close"}


@pytest.mark.parametrize("how", BREAKS)
def test_a_transaction_outlives_what_a_plugin_does_in_it(app: Flask, how: str) -> None:
    with unit_of_work() as unit:
        unit.session.add(mailbox := Mailbox(name="Kept", created_at=now()))
        unit.session.flush()
        fault = call(BREAKS[how])
        mailbox.name = "Kept and changed"
    assert names() == ["Kept and changed"]
    assert ("NotYours" in fault) == (how in NOT_YOURS)


@pytest.mark.parametrize("how", BREAKS)
def test_a_page_outlives_what_a_plugin_does_while_it_is_read(app: Flask, how: str) -> None:
    a_mailbox("Support")
    with reading_together():
        assert names() == ["Support"]
        call(BREAKS[how])
        call(BREAKS[how])
        assert names() == ["Support"]


def test_what_a_plugin_wrote_before_it_failed_is_undone_and_nothing_else(app: Flask) -> None:
    def write_and_fail(session: Session) -> None:
        session.execute(text("UPDATE mailbox SET name = 'Gone'"))
        raise KeyError("broken")

    with unit_of_work() as unit:
        unit.session.add(Mailbox(name="Kept", created_at=now()))
        unit.session.flush()
        assert "broken" in call(write_and_fail)
    assert names() == ["Kept"]


def test_a_plugin_that_ends_the_transaction_by_hand_costs_all_of_it(app: Flask) -> None:
    def open_half_a_mailbox() -> None:
        with unit_of_work() as unit:
            unit.session.execute(text("SELECT 1"))
            assert call(lambda session: session.execute(text("ROLLBACK")))
            unit.session.add(Mailbox(name="Half", created_at=now()))

    with pytest.raises(Exception, match="closed transaction"):
        open_half_a_mailbox()
    assert names() == []


def test_a_plugin_that_asks_for_no_session_opens_no_savepoint(app: Flask) -> None:
    with unit_of_work() as unit, statements() as seen:
        unit.session.execute(text("SELECT 1"))
        plugins().guard.call("tea", "place", lambda: None)
        assert seen == ["SELECT 1"]
        plugins().guard.call("tea", "place", names)
        plugins().guard.call("tea", "place", names)
    savepoints = [statement.split()[0] for statement in seen if "SAVEPOINT" in statement]
    assert savepoints == ["SAVEPOINT", "RELEASE"] * 2


def test_a_plugin_may_end_what_it_began_itself(app: Flask) -> None:
    def own() -> list[str]:
        with reading() as session:
            session.rollback()
        a_mailbox("Support")
        return names()

    assert plugins().guard.call("tea", "place", own) == ["Support"]


def test_a_page_sees_what_a_plugin_wrote_while_it_was_read(app: Flask) -> None:
    def read_and_write() -> list[str]:
        assert names() == []
        a_mailbox("Support")
        return names()

    with reading_together():
        assert plugins().guard.call("tea", "place", read_and_write) == ["Support"]
        assert names() == ["Support"]
