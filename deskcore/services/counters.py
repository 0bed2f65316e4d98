"""How many tickets each list holds, kept as small changes in the transaction that causes them.

A row says "one more" or "one less"; a job folds the rows of a place into one. Counting by query
costs more than a whole list page once the desk is large.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, func, select, tuple_
from sqlalchemy.orm import Session

from deskcore.models import Ticket, TicketCount
from deskcore.services.rows import put
from deskcore.services.unit import Unit, unit_of_work

SPAM = "spam"
NOBODY = 0

Place = tuple[int, str, int]


def place(ticket: Ticket) -> Place | None:
    """Return the (mailbox, bucket, assignee) a ticket counts in; None when it is in no list."""
    if ticket.deleted_at is not None or ticket.merged_into_id is not None:
        return None
    bucket = SPAM if ticket.spam_at is not None else ticket.category
    return ticket.mailbox_id, bucket, ticket.assignee_id or NOBODY


def moved(session: Session, before: Place | None, after: Place | None) -> None:
    """Write the difference between two places of one ticket."""
    if before == after:
        return
    for where, amount in ((before, -1), (after, 1)):
        if where is not None:
            _add(session, where, amount)


@contextmanager
def changing(unit: Unit, ticket: Ticket) -> Iterator[None]:
    """Change a ticket inside this block: its counters, version and time follow."""
    before = place(ticket)
    yield
    moved(unit.session, before, place(ticket))
    ticket.version += 1
    ticket.updated_at = unit.now


def fold() -> int:
    """Make one row of all rows of each place; returns how many rows went."""
    place_of = tuple_(TicketCount.mailbox_id, TicketCount.bucket, TicketCount.assignee_id)
    scattered = (
        select(TicketCount.mailbox_id, TicketCount.bucket, TicketCount.assignee_id)
        .group_by(TicketCount.mailbox_id, TicketCount.bucket, TicketCount.assignee_id)
        .having(func.count() > 1)
    )
    with unit_of_work() as unit:
        # Read by what deletes them: rows that another transaction adds meanwhile must stay.
        gone = unit.session.execute(
            delete(TicketCount)
            .where(place_of.in_(scattered))
            .returning(
                TicketCount.mailbox_id,
                TicketCount.bucket,
                TicketCount.assignee_id,
                TicketCount.amount,
            )
        ).all()
        amounts: Counter[Place] = Counter()
        for mailbox_id, bucket, assignee_id, amount in gone:
            amounts[mailbox_id, bucket, assignee_id] += amount
        for where, total in amounts.items():
            if total:
                _add(unit.session, where, total)
    return len(gone)


def _add(session: Session, where: Place, amount: int) -> None:
    mailbox_id, bucket, assignee_id = where
    put(
        session,
        TicketCount(mailbox_id=mailbox_id, bucket=bucket, assignee_id=assignee_id, amount=amount),
    )
