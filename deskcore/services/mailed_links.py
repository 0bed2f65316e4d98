"""The link to a request below an answer, where the owner wants it and nobody else is written to.

A copy grants nothing: whoever is copied, or written to in the customer's place, gets no link.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from deskcore.extensions import config
from deskcore.models import Identity, Ticket, TicketParticipant
from deskcore.services import public_links
from deskcore.services.public_settings import read as read_settings
from deskcore.services.unit import Unit


def promise(unit: Unit, ticket: Ticket, recipients: Sequence[str]) -> None:
    """Make the key that a mail to *recipients* will hold, in the transaction that queues it."""
    identity = _reader(unit.session, ticket, recipients)
    if identity is not None:
        public_links.ensure(unit, ticket.id, identity.id)


def link_for(session: Session, ticket: Ticket, recipients: Sequence[str]) -> str:
    """Return the link for a mail to *recipients*, "" when they get none or it was ended since."""
    identity = _reader(session, ticket, recipients)
    key = public_links.live_key(session, ticket.id, identity.id) if identity is not None else ""
    return f"{config().address}/r/{key}" if key else ""


def _reader(session: Session, ticket: Ticket, recipients: Sequence[str]) -> Identity | None:
    settings = read_settings(session)
    if not (settings.is_on and settings.has_link_in_mails) or len(recipients) != 1:
        return None
    return session.scalars(
        select(Identity)
        .join(TicketParticipant, TicketParticipant.identity_id == Identity.id)
        .where(
            TicketParticipant.ticket_id == ticket.id,
            TicketParticipant.role == "customer",
            Identity.customer_id == ticket.customer_id,
            Identity.value == recipients[0],
        )
    ).first()
