"""The words that were proposed: what is sent is what the other person has read."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Table, Text, delete, insert, select

from deskcore.api import Invalid, Problem, _
from deskcore.api.data import NAMING, BigId, Unit, change_status, reading
from deskcore.plugin import Panel, ReplyDraft, TicketRef

from .entry import ENTRY

PROPOSED = Table(
    "plg_guest_book_proposed",
    MetaData(naming_convention=NAMING),
    Column("ticket_id", BigId, primary_key=True, autoincrement=False),
    Column("words", Text, nullable=False),
)


def propose(unit: Unit, ticket_id: int, words: str) -> None:
    """Put an answer before somebody else: words and status in one transaction."""
    if not change_status(unit, ticket_id, ENTRY.key("asked")):
        problem = _("Somebody is reading it already. Take it back first.")
        raise Invalid([Problem(field="words", message=problem)])
    unit.session.execute(delete(PROPOSED).where(PROPOSED.c.ticket_id == ticket_id))
    unit.session.execute(insert(PROPOSED).values(ticket_id=ticket_id, words=words.strip()))


def panels(ticket: TicketRef) -> list[Panel]:
    """Show the words beside the entry."""
    words = _proposed(ticket.id) if ticket.kind == ENTRY.name else ""
    return [Panel(title=_("Proposed answer"), body=words)] if words else []


def check(draft: ReplyDraft, ticket: TicketRef) -> list[Problem]:
    """Compare the answer with what was approved, letter by letter."""
    if ticket.kind != ENTRY.name or draft.text.strip() == _proposed(ticket.id):
        return []
    problem = _("These are not the words that were approved. Propose them anew.")
    return [Problem(field="body", message=problem)]


def _proposed(ticket_id: int) -> str:
    with reading() as session:
        words = select(PROPOSED.c.words).where(PROPOSED.c.ticket_id == ticket_id)
        return session.scalar(words) or ""
