"""What the desk knows of senders and of what they opened tickets with."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, func, select

from deskcore.api import Address, Direction, InboundMessage
from deskcore.api.data import Identity, Message, Ticket, reading


@dataclass(frozen=True, kw_only=True)
class History:
    """How often a sender opened a ticket that is no spam, and how many of these were answered."""

    tickets: int
    answered: int


@dataclass(frozen=True, kw_only=True)
class Opening:
    """The message that opened a ticket, as the filter was given it."""

    number: int
    is_spam: bool
    message: InboundMessage


def history_of(address: str) -> History:
    """Count the tickets of whoever has this mail address; only people's answers count."""
    person = select(Identity.customer_id).where(Identity.kind == "email", Identity.value == address)
    answer = select(Message.id).where(
        Message.ticket_id == Ticket.id,
        Message.direction == Direction.OUT,
        Message.author_user_id.is_not(None),
        Message.undone_at.is_(None),
    )
    statement = select(func.count(), func.sum(case((answer.exists(), 1), else_=0))).where(
        Ticket.customer_id.in_(person), Ticket.spam_at.is_(None)
    )
    with reading() as session:
        tickets, answered = session.execute(statement).one()
    return History(tickets=tickets, answered=answered or 0)


def opening_of(ticket_id: int) -> Opening | None:
    """Return what a customer opened a ticket with; None when a colleague did, or it is gone."""
    statement = (
        select(Ticket.number, Ticket.spam_at, Message)
        .join(Message, Message.ticket_id == Ticket.id)
        .where(Ticket.id == ticket_id)
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
