"""What those who wait would read, before anybody confirms it; and who could not be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from deskcore.api import Actor, TicketId
from deskcore.api.data import read_tickets, reading, seen_by, today
from plugins.stock_notes import telling, waits
from plugins.stock_notes.runs import Audience
from plugins.stock_notes.tables import WAITS

SHOWN = 50


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A text as one of those who wait reads it; ``unfilled`` is what nothing is known for."""

    language: str
    count: int
    text: str
    reader: str
    number: int
    unfilled: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Failed:
    """A customer who could not be told, and why; ``number`` 0 for a ticket that is hidden or gone."""

    name: str
    number: int
    reason: str


def of(actor: Actor, key: str, reached: Audience, texts: Mapping[str, str]) -> tuple[Preview, ...]:
    """Return what the first of each language would read."""
    words = telling.own_words(key)
    found = []
    for language, count in reached.by_language.items():
        number, reader = _first(actor, key, language)
        text, unfilled = telling.said(actor, number, language, texts.get(language, ""), words)
        found.append(
            Preview(
                language=language,
                count=count,
                text=text,
                reader=reader,
                number=number,
                unfilled=unfilled,
            )
        )
    return tuple(found)


def failed(actor: Actor, run_id: int) -> list[Failed]:
    """Return those of a telling who could not be told, with the reasons."""
    statement = select(WAITS.c.ticket_id, WAITS.c.reason).where(
        WAITS.c.run_id == run_id, WAITS.c.state == "failed"
    )
    with reading() as session:
        rows = session.execute(statement.order_by(WAITS.c.id).limit(SHOWN)).all()
    tickets = read_tickets(actor, [row.ticket_id for row in rows])
    found = []
    for row in rows:
        ticket = tickets.get(TicketId(row.ticket_id))
        name, number = (ticket.customer_name, ticket.number) if ticket else ("", 0)
        found.append(Failed(name=name, number=number, reason=row.reason))
    return found


def _first(actor: Actor, key: str, language: str) -> tuple[int, str]:
    """Return the ticket's number and the name of who waits longest in a language."""
    waiting = select(WAITS.c.ticket_id).where(
        WAITS.c.product == key,
        WAITS.c.language == language,
        waits.is_open(),
        ~waits.has_refused(),
        waits.wants_it_still(today()),
        WAITS.c.ticket_id.in_(seen_by(actor)),
    )
    with reading() as session:
        ticket_id = session.scalars(waiting.order_by(WAITS.c.id).limit(1)).one()
    ticket = read_tickets(actor, [ticket_id])[TicketId(ticket_id)]
    return ticket.number, ticket.customer_name
