"""The numbers of the lists stay small to read, and right."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import func, select

from deskcore.models import TicketCount
from deskcore.services import counters, nav_counts, tickets
from deskcore.services.unit import reading
from tests.factories import a_mailbox, a_ticket, a_user


def test_folding_leaves_one_row_for_each_place_and_every_number_as_it_was(app: Flask) -> None:
    first, second, admin = a_mailbox(), a_mailbox(), a_user("admin")
    numbers = [a_ticket(mailbox) for mailbox in (first, first, first, second)]
    tickets.assign(admin, numbers[0], admin.id)
    tickets.change_status(admin, numbers[1], "waiting_others")
    tickets.mark_spam(admin, numbers[3], is_spam=True)
    before = nav_counts.read(admin)
    assert counters.fold() > 0
    assert nav_counts.read(admin) == before
    assert (before["open"], before["mine"], before["waiting"], before["spam"]) == (2, 1, 1, 1)
    # Mine, one of nobody's, one waiting, one spam; what came to nothing has no row.
    assert _rows() == 4
    assert counters.fold() == 0
    assert _rows() == 4


def _rows() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(TicketCount)) or 0
