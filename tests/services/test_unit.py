"""Reading sessions: short ones, one for a whole page, and what they see."""

from __future__ import annotations

import gc
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from deskcore.models import Mailbox
from deskcore.plugin.running import as_plugin
from deskcore.services.unit import abandon, current, reading, reading_together, unit_of_work
from tests.factories import a_mailbox


def names() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Mailbox.name).order_by(Mailbox.id)))


def test_a_page_is_read_in_one_session(app: Flask) -> None:
    with reading_together():
        with reading() as first, reading() as second:
            assert first is second
        with reading() as third:
            assert third is first
    with reading() as apart:
        assert apart is not first


def test_what_was_written_meanwhile_is_read(app: Flask) -> None:
    with reading_together():
        assert names() == []
        a_mailbox("Support")
        assert names() == ["Support"]


def test_what_others_write_meanwhile_is_not_read_by_half(app: Flask) -> None:
    def write() -> None:
        with app.app_context():
            a_mailbox("Support")

    with reading_together():
        assert names() == []
        other = Thread(target=write)
        other.start()
        other.join()
        assert names() == []
    assert names() == ["Support"]


def test_what_a_plugin_opens_for_reading_cannot_write(app: Flask) -> None:
    a_mailbox("Support")

    def tidy() -> None:
        with reading() as session:
            session.execute(text("UPDATE mailbox SET name = 'tidy'"))

    with pytest.raises(DBAPIError, match="read"):
        as_plugin("tea", tidy)
    assert names() == ["Support"]


def test_a_refused_statement_does_not_spoil_the_rest_of_the_page(app: Flask) -> None:
    with reading_together():
        try:
            with reading() as session:
                session.execute(text("SELECT nothing FROM nowhere"))
        except DBAPIError:
            pass
        assert names() == []


def test_nothing_is_written_by_a_plugin_that_reads_and_nobody_waits_for_it(app: Flask) -> None:
    rename = text("UPDATE mailbox SET name = 'Written'")
    a_mailbox("Support")

    def write() -> None:
        with reading() as session:
            session.execute(rename)

    with pytest.raises(DBAPIError):
        as_plugin("tea", write)
    with unit_of_work() as unit:  # perhaps by the same connection
        unit.session.execute(rename)
    assert names() == ["Written"]


def test_what_a_plugin_forgot_is_collected_without_a_trace_in_the_page_of_another(
    app: Flask,
) -> None:
    forgotten = unit_of_work()
    forgotten.__enter__()
    left = current()
    assert left is not None
    abandon(left)  # as the desk does after the plugin's call
    with reading_together(), reading() as session:
        transaction = session.connection().get_transaction()
        del forgotten
        gc.collect()
        assert session.connection().get_transaction() is transaction
