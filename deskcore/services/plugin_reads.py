"""What plugins read of tickets: values, never rows, and always as somebody sees them.

Everything here wants to know whose eyes it reads with, so that nobody can forget to ask; work of the
desk itself, as a filter that learns, says ``SYSTEM`` and sees all.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select

from deskcore.domain.accounts import MailboxRef
from deskcore.domain.kinds import Direction, TicketId
from deskcore.domain.messages import Address, InboundMessage
from deskcore.domain.people import Actor
from deskcore.models import Identity, Mailbox, Message, Ticket
from deskcore.plugin.parts import TicketRef
from deskcore.services import access
from deskcore.services.plugin_places import ticket_ref
from deskcore.services.unit import reading


@dataclass(frozen=True, kw_only=True)
class History:
    """How often a sender opened a ticket that is no spam, and how many of these were answered."""

    tickets: int
    answered: int


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The message that opened a ticket, as it came in."""

    number: int
    is_spam: bool
    message: InboundMessage


@dataclass(frozen=True, kw_only=True)
class Heard:
    """A ticket, and what its customers said last without what they quoted, the newest first."""

    ticket: TicketRef
    texts: tuple[str, ...]


def read_ticket(actor: Actor, number: int) -> TicketRef:
    """Return the ticket with this number.

    Raises NotFound both when there is none and when it is not for *actor*: they look alike.
    """
    with reading() as session:
        return ticket_ref(access.get_visible(session, actor, number))


def mailboxes(actor: Actor) -> list[MailboxRef]:
    """List the mailboxes that *actor* may see by name, for choosing among them."""
    with reading() as session:
        rows = session.execute(
            select(Mailbox.id, Mailbox.name)
            .where(access.visible_mailboxes(actor))
            .order_by(Mailbox.name, Mailbox.id)
        )
        return [MailboxRef(id=row.id, name=row.name) for row in rows]


def heard_of(actor: Actor, number: int, limit: int = 3) -> Heard:
    """Return a ticket with its customers' last messages; raises NotFound as ``read_ticket``."""
    with reading() as session:
        ticket = access.get_visible(session, actor, number)
        said = (
            select(Message.visible)
            .where(Message.ticket_id == ticket.id, Message.direction == Direction.IN)
            .order_by(Message.id.desc())
            .limit(limit)
        )
        return Heard(ticket=ticket_ref(ticket), texts=tuple(session.scalars(said)))


def read_tickets(actor: Actor, ticket_ids: Collection[int]) -> dict[TicketId, TicketRef]:
    """Return those of the tickets that *actor* may see, by id: for lists, at one question."""
    seen = select(Ticket).where(Ticket.id.in_(ticket_ids), access.visible_tickets(actor))
    with reading() as session:
        return {TicketId(row.id): ticket_ref(row) for row in session.scalars(seen)}


def seen_by(actor: Actor) -> Select[int]:
    """Select the ids of all tickets that *actor* may see, for ``column.in_`` in a plugin's SQL."""
    return select(Ticket.id).where(access.visible_tickets(actor))


def history_of(actor: Actor, address: str) -> History:
    """Count the tickets of whoever has this mail address; only people's answers count."""
    person = select(Identity.customer_id).where(Identity.kind == "email", Identity.value == address)
    answer = select(Message.id).where(
        Message.ticket_id == Ticket.id,
        Message.direction == Direction.OUT,
        Message.author_user_id.is_not(None),
        Message.undone_at.is_(None),
    )
    statement = select(func.count(), func.sum(case((answer.exists(), 1), else_=0))).where(
        Ticket.customer_id.in_(person), Ticket.spam_at.is_(None), access.visible_tickets(actor)
    )
    with reading() as session:
        tickets, answered = session.execute(statement).one()
    return History(tickets=tickets, answered=answered or 0)


def opening_of(actor: Actor, ticket_id: int) -> Opening | None:
    """Return what a customer opened a ticket with; None when a colleague did, or it is gone.

    It is gone for those who may not see it, too. *ticket_id* is that of events.
    """
    statement = (
        select(Ticket.number, Ticket.spam_at, Message)
        .join(Message, Message.ticket_id == Ticket.id)
        .where(Ticket.id == ticket_id, access.visible_tickets(actor))
        .order_by(Message.id)
        .limit(1)
    )
    with reading() as session:
        row = session.execute(statement).one_or_none()
    if row is None or row.Message.direction != Direction.IN:
        return None
    said = row.Message
    message = InboundMessage(
        external_id=said.external_id,
        sender=Address(value=said.author_address, name=said.author_name),
        subject=said.subject,
        text=f"{said.visible}\n{said.quoted}",
        html=said.html or "",
        reply_to=tuple(Address(value=value) for value in said.reply_to),
        is_bulk=said.takes_no_answer,
        verified=said.is_verified,
    )
    return Opening(number=row.number, is_spam=row.spam_at is not None, message=message)
