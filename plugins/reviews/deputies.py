"""Opening what waited too long to deputies: whoever approves may be away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, select, update

from deskcore.api import DeskError, now
from deskcore.api.data import change_status, reading, unit_of_work
from deskcore.plugin import JobType
from plugins.reviews.kinds import ASKED, OVERDUE
from plugins.reviews.sites import sites
from plugins.reviews.tables import REVIEWS


def open_to_deputies() -> int:
    """Let deputies approve what waited longer than its site allows; returns how many there were."""
    opened = 0
    for site in sites().values():
        if not site.deputy_hours:
            continue
        for row in _waiting(site.id, hours=site.deputy_hours):
            try:
                with unit_of_work() as unit:
                    opened += change_status(unit, row.ticket_id, f"{row.kind}.{OVERDUE}")
                    state = update(REVIEWS).where(REVIEWS.c.id == row.id).values(state=OVERDUE)
                    unit.session.execute(state)
            except DeskError:
                continue  # somebody has decided meanwhile
    return opened


def job() -> JobType:
    """Return the work that looks for them."""
    return JobType(name="reviews.deputies", run=look, every=timedelta(minutes=5))


def look() -> None:
    """Look once, by the clock."""
    open_to_deputies()


def _waiting(account_id: int, *, hours: int) -> Sequence[Row[Any, Any, Any]]:
    statement = (
        select(REVIEWS.c.id, REVIEWS.c.ticket_id, REVIEWS.c.kind)
        .where(
            REVIEWS.c.account_id == account_id,
            REVIEWS.c.state == ASKED,
            REVIEWS.c.waits_since < now() - timedelta(hours=hours),
        )
        .limit(100)
    )
    with reading() as session:
        return session.execute(statement).all()
