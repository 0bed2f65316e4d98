"""How many tickets each list holds, kept as small changes in the transaction that causes them.

A row says "one more" or "one less"; a job folds the rows of a bucket into one. Counting by query
costs more than a whole list page once the desk is large.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from deskcore.models import Ticket, TicketCount
from deskcore.services.unit import Unit, unit_of_work

SPAM = "spam"
NOBODY = 0
FOLD_FROM = 20

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
            mailbox_id, bucket, assignee_id = where
            session.add(
                TicketCount(
                    mailbox_id=mailbox_id, bucket=bucket, assignee_id=assignee_id, amount=amount
                )
            )


@contextmanager
def changing(unit: Unit, ticket: Ticket) -> Iterator[None]:
    """Change a ticket inside this block: its counters, version and time follow."""
    before = place(ticket)
    yield
    moved(unit.session, before, place(ticket))
    ticket.version += 1
    ticket.updated_at = unit.now


def fold() -> int:
    """Fold the changes of every long bucket into one row each; returns how many rows went."""
    with unit_of_work() as unit:
        long = (
            select(TicketCount.mailbox_id, TicketCount.bucket, TicketCount.assignee_id)
            .group_by(TicketCount.mailbox_id, TicketCount.bucket, TicketCount.assignee_id)
            .having(func.count() >= FOLD_FROM)
        )
        return sum(_fold_one(unit, *row) for row in unit.session.execute(long).all())


def _fold_one(unit: Unit, mailbox_id: int, bucket: str, assignee_id: int) -> int:
    chosen = (
        TicketCount.mailbox_id == mailbox_id,
        TicketCount.bucket == bucket,
        TicketCount.assignee_id == assignee_id,
    )
    # One statement: rows that another transaction adds meanwhile must stay.
    gone = delete(TicketCount).where(*chosen).returning(TicketCount.amount)
    rows = unit.session.execute(gone).all()
    total = sum(row.amount for row in rows)
    if total:
        unit.session.add(
            TicketCount(mailbox_id=mailbox_id, bucket=bucket, assignee_id=assignee_id, amount=total)
        )
    return len(rows)
