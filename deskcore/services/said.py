"""What customers said in several tickets at once, and what marks these; read by plugins, as somebody."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from deskcore.domain.kinds import Direction
from deskcore.domain.people import Actor
from deskcore.models import Message, Status, Tag, Ticket, TicketTag
from deskcore.plugin.parts import TicketRef
from deskcore.plugin.ticket_parts import FieldValue
from deskcore.services import access, lists, ticket_fields
from deskcore.services.plugin_places import ticket_ref
from deskcore.services.unit import reading

MOST_TEXTS = 20  # of one ticket, the newest
LONGEST_TEXT = 4_000


@dataclass(frozen=True, kw_only=True)
class Said:
    """A ticket with its tags, what its fields hold, and what its customers wrote, the newest first."""

    ticket: TicketRef
    opened_at: datetime
    tags: tuple[str, ...]
    fields: Mapping[str, FieldValue]
    texts: tuple[str, ...]


def said(
    actor: Actor,
    *,
    ids: Sequence[int] = (),
    customer_id: int | None = None,
    since: datetime | None = None,
    before: int = 0,
    limit: int = 50,
) -> list[Said]:
    """Return tickets that *actor* may see: those named and those of a customer, else all; newest first.

    Those named come first; *before* goes on after a ticket's id. Spam and what was deleted is left out.
    Four questions, however many tickets.
    """
    wanted: list[ColumnElement[bool]] = [Ticket.id.in_(ids)] if ids else []
    wanted += [Ticket.customer_id == customer_id] if customer_id is not None else []
    statement = (
        select(Ticket, Status.key)
        .join(Status, Status.id == Ticket.status_id)
        .where(lists.LISTED, access.visible_tickets(actor), or_(*wanted) if wanted else true())
        .where(Ticket.created_at >= since if since else true())
        .where(Ticket.id < before if before else true())
        .order_by(Ticket.id.in_(ids).desc(), Ticket.id.desc())
        .limit(limit)
    )
    with reading() as session:
        tickets = session.execute(statement).all()
        found = [ticket.id for ticket, _status in tickets]
        fields = ticket_fields.values_of_several(session, found)
        tags, texts = _tags(session, found), _texts(session, found)
        return [
            Said(
                ticket=ticket_ref(ticket, status),
                opened_at=ticket.created_at,
                tags=tuple(tags[ticket.id]),
                fields=fields.get(ticket.id, {}),
                texts=tuple(texts[ticket.id]),
            )
            for ticket, status in tickets
        ]


def _tags(session: Session, ids: Sequence[int]) -> defaultdict[int, list[str]]:
    statement = (
        select(TicketTag.ticket_id, Tag.label)
        .join(Tag, Tag.id == TicketTag.tag_id)
        .where(TicketTag.ticket_id.in_(ids))
        .order_by(Tag.key)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for ticket_id, label in session.execute(statement):
        found[ticket_id].append(label)
    return found


def _texts(session: Session, ids: Sequence[int]) -> defaultdict[int, list[str]]:
    newest = func.row_number().over(partition_by=Message.ticket_id, order_by=Message.id.desc())
    numbered = (
        select(
            Message.ticket_id,
            func.substr(Message.visible, 1, LONGEST_TEXT).label("text"),
            newest.label("place"),
        )
        .where(Message.ticket_id.in_(ids), Message.direction == Direction.IN)
        .subquery()
    )
    statement = (
        select(numbered.c.ticket_id, numbered.c.text)
        .where(numbered.c.place <= MOST_TEXTS)
        .order_by(numbered.c.ticket_id, numbered.c.place)
    )
    found: defaultdict[int, list[str]] = defaultdict(list)
    for ticket_id, text in session.execute(statement):
        found[ticket_id].append(text)
    return found
