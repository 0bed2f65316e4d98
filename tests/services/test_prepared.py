"""Prepared statements give what the library gives, in whichever database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, literal_column, select
from sqlalchemy.exc import DBAPIError

from deskcore import clock
from deskcore.db import UTCDateTime
from deskcore.domain.writing import DraftForm
from deskcore.models import Draft, Ticket
from deskcore.services import drafts
from deskcore.services.prepared import light
from deskcore.services.unit import reading
from tests.factories import a_mailbox, a_ticket, a_user

LATE = (
    select(Ticket.number, Ticket.created_at, Ticket.spam_at.is_(None).label("is_wanted"))
    .where(
        Ticket.created_at < bindparam("before", type_=UTCDateTime()),
        Ticket.number.in_(bindparam("numbers", expanding=True)),
        Ticket.category.in_(("open", "solved")),
    )
    .order_by(Ticket.number)
)


def _both(values: dict[str, object]) -> tuple[list[Any], list[Any]]:
    with reading() as session:
        by_library = session.connection().execute(LATE, values)
        return light(session, LATE, values), list(by_library)


@pytest.mark.parametrize("count", [0, 1, 3])
def test_rows_are_those_of_the_library_for_a_list_of_any_length(app: Flask, count: int) -> None:
    mailbox = a_mailbox()
    numbers = [a_ticket(mailbox) for _ in range(3)][:count]
    ours, theirs = _both({"before": clock.now() + timedelta(days=1), "numbers": numbers})
    assert [tuple(row) for row in ours] == [tuple(row) for row in theirs]
    assert [row.number for row in ours] == numbers
    assert all(row.is_wanted is True and row.created_at.tzinfo for row in ours)
    assert _both({"before": clock.now() - timedelta(days=1), "numbers": numbers}) == ([], [])


def test_values_are_read_as_the_column_says(app: Flask) -> None:
    admin = a_user("admin")
    number = a_ticket(a_mailbox())
    drafts.save(admin, number, DraftForm(mode="reply", body="Dear", to=["a@b.cz", "c@d.cz"]))
    with reading() as session:
        [row] = light(session, select(Draft.to_addresses, Draft.body))
    assert (row.to_addresses, row.body) == (["a@b.cz", "c@d.cz"], "Dear")


def test_what_the_database_refuses_is_raised_as_the_library_does(app: Flask) -> None:
    with reading() as session, pytest.raises(DBAPIError):
        light(session, select(literal_column("no_such_column")))
