"""Whether anything happened since a page was made: two short numbers to compare, one statement.

Ids of events may be committed out of order on PostgreSQL, so the newest id alone could hide a
late one; the number of events near it changes then.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, exists, func, select

from deskcore.domain.people import Actor
from deskcore.models import Event, Ticket
from deskcore.services import access
from deskcore.services.prepared import light
from deskcore.services.unit import reading

NEAR = 200


def mark(actor: Actor, ticket_id: int = 0) -> str:
    """Return a mark of now; it differs once anything happened, the last part for one ticket.

    Nothing ever happens to a ticket that *actor* may not see.
    """
    statement = _mark(everything=access.sees_everything(actor))
    with reading() as session:
        [row] = light(session, statement, access.reach(actor) | {"ticket_id": ticket_id})
    return "-".join(f"{value or 0:x}" for value in row)


@lru_cache(maxsize=2)
def _mark(*, everything: bool) -> Select[*tuple[Any, ...]]:
    newest = select(func.max(Event.id)).scalar_subquery()
    near = select(func.count()).where(Event.id > newest - NEAR).scalar_subquery()
    ticket_id: BindParameter[int] = bindparam("ticket_id")
    is_theirs = exists().where(
        Ticket.id == ticket_id, access.tickets_in_reach(everything=everything)
    )
    own = select(Event.id).where(Event.ticket_id == ticket_id, is_theirs).subquery()
    last = select(func.max(own.c.id)).scalar_subquery()
    count = select(func.count()).select_from(own).scalar_subquery()
    return select(newest, near, last, count)


def is_about_ticket(since: str, now: str) -> bool:
    """Whether the ticket's own part of two marks differs."""
    return since.split("-")[2:] != now.split("-")[2:]


def keep_list(since: str, now: str) -> str:
    """Return *now* for the ticket, but *since* for the list: its news are not shown yet."""
    return "-".join(since.split("-")[:2] + now.split("-")[2:])


def arrived(actor: Actor, since: str) -> int:
    """Return how many tickets customers wrote to since a mark, up to a hundred; spam is no news."""
    try:
        newest = int(since.split("-", maxsplit=1)[0], 16)
    except ValueError:
        return 0
    from_ = (
        select(Event.ticket_id)
        .join(Ticket, Ticket.id == Event.ticket_id)
        .where(
            Event.id > min(newest, (1 << 62)),
            Event.name == "message.received",
            Ticket.spam_at.is_(None),
        )
    )
    mine = access.visible_mailbox_ids
    with reading() as session:
        statement = from_.where(Event.mailbox_id.in_(mine(session, actor))).distinct().limit(100)
        return len(session.scalars(statement).all())
