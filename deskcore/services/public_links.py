"""Keys to requests: made for one ticket and one address of its customer, and ended by people.

A key is 128 random bits. It is looked up by its digest, so a part of it is no key at all, and what
it opens stands in its row: nothing in an address can name another ticket.
"""

from __future__ import annotations

import secrets as random
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from deskcore.domain.people import Actor
from deskcore.errors import Conflict
from deskcore.i18n import _
from deskcore.models import Identity, PublicLink, Ticket, TicketLeg, TicketParticipant
from deskcore.services import access, secrets
from deskcore.services.tokens import digest_of
from deskcore.services.unit import Unit, reading, unit_of_work

Purpose = Literal["ticket", "requests", "visit"]
KEY_BYTES = 16


def key_of_ticket(actor: Actor, number: int) -> tuple[str, str] | None:
    """Return the key of a ticket's page and the address it is for; None while there is none."""
    with reading() as session:
        access.require(actor, "ticket.reply", session)
        ticket = access.get_visible(session, actor, number)
        identity = customer_of(session, ticket)
        key = live_key(session, ticket.id, identity.id) if identity else ""
    return (key, identity.value) if identity and key else None


def make_anew(actor: Actor, number: int) -> None:
    """Make a key for a ticket's customer; any earlier one opens nothing from now on."""
    with unit_of_work(actor) as unit:
        access.require(actor, "ticket.reply", unit.session)
        ticket = access.get_visible(unit.session, actor, number)
        identity = customer_of(unit.session, ticket)
        if identity is None:
            raise Conflict(_("This ticket has no customer yet, so there is nobody to make it for."))
        _end(unit, ticket)
        issue(unit, "ticket", identity.id, ticket_id=ticket.id)
        unit.audit("link.made", f"#{ticket.number}")


def revoke(actor: Actor, number: int) -> None:
    """End every key of a ticket: whoever holds one is answered as if it had never been."""
    with unit_of_work(actor) as unit:
        access.require(actor, "ticket.reply", unit.session)
        ticket = access.get_visible(unit.session, actor, number)
        if _end(unit, ticket):
            unit.audit("link.ended", f"#{ticket.number}")


def issue(
    unit: Unit,
    purpose: Purpose,
    identity_id: int,
    *,
    ticket_id: int | None = None,
    expires_at: datetime | None = None,
) -> str:
    """Make a key in the caller's transaction; that of a ticket can be shown again."""
    key = random.token_urlsafe(KEY_BYTES)
    row = PublicLink(
        purpose=purpose,
        digest=digest_of(key),
        sealed=secrets.encrypt({"key": key}) if purpose == "ticket" else b"",
        identity_id=identity_id,
        ticket_id=ticket_id,
        created_at=unit.now,
        expires_at=expires_at,
    )
    unit.session.add(row)
    return key


def ensure(unit: Unit, ticket_id: int, identity_id: int) -> str:
    """Return the key that an address has to a ticket already, else a new one."""
    return live_key(unit.session, ticket_id, identity_id) or issue(
        unit, "ticket", identity_id, ticket_id=ticket_id
    )


def live_key(session: Session, ticket_id: int, identity_id: int) -> str:
    """Return the key an address has to a ticket, "" for none that is good."""
    sealed = session.scalars(
        select(PublicLink.sealed)
        .where(
            PublicLink.purpose == "ticket",
            PublicLink.ticket_id == ticket_id,
            PublicLink.identity_id == identity_id,
            PublicLink.ended_at.is_(None),
        )
        .order_by(PublicLink.id.desc())
        .limit(1)
    ).first()
    return secrets.decrypt(sealed)["key"] if sealed else ""


def find(session: Session, purpose: Purpose, key: str, now: datetime) -> PublicLink | None:
    """Return the row of a key that is good now; None for every other."""
    row = session.scalars(
        select(PublicLink).where(
            PublicLink.digest == digest_of(key),
            PublicLink.purpose == purpose,
            PublicLink.ended_at.is_(None),
        )
    ).one_or_none()
    is_over = row is not None and row.expires_at is not None and row.expires_at <= now
    return None if is_over else row


def customer_of(session: Session, ticket: Ticket) -> Identity | None:
    """Return the address a ticket is answered to; nobody who is not on it for certain."""
    return session.scalars(
        select(Identity)
        .join(TicketParticipant, TicketParticipant.identity_id == Identity.id)
        .outerjoin(
            TicketLeg,
            (TicketLeg.ticket_id == ticket.id) & (TicketLeg.identity_id == Identity.id),
        )
        .where(
            TicketParticipant.ticket_id == ticket.id,
            TicketParticipant.role == "customer",
            Identity.customer_id == ticket.customer_id,
        )
        .order_by(TicketLeg.id.desc().nulls_last(), Identity.id)
        .limit(1)
    ).one_or_none()


def _end(unit: Unit, ticket: Ticket) -> int:
    ended = (
        update(PublicLink)
        .where(PublicLink.ticket_id == ticket.id, PublicLink.ended_at.is_(None))
        .values(ended_at=unit.now)
        .returning(PublicLink.id)
    )
    return len(unit.session.scalars(ended).all())
