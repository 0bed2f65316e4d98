"""Which ticket an inbound message belongs to, and which it only resembles.

A message joins a ticket by a reply token of ours, or by a reference to a stored id together with
a sender who is on that ticket already. A ticket number in a subject only suggests: anybody can
write one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from deskcore.domain.messages import InboundMessage, ThreadKeys
from deskcore.domain.text import has_prefix, is_about_same
from deskcore.models import (
    ChannelAccount,
    Delivery,
    Identity,
    ThreadKey,
    Ticket,
    TicketLeg,
    TicketParticipant,
)
from deskcore.services import channels
from deskcore.services.outgoing import key_digest

MAX_REFERENCES = 50
MAX_MERGES = 10
_NUMBER = re.compile(r"\[?#(\d{3,12})\]?")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a message goes: a ticket it joins, else the one it resembles, else nowhere yet.

    ``is_confirmed`` is False when the sender was not on the ticket before: they joined by a good
    token, are shown as unconfirmed and are sent no history.
    """

    ticket: Ticket | None = None
    is_confirmed: bool = True
    resembles: Ticket | None = None


def find_place(
    session: Session, account: ChannelAccount, message: InboundMessage, identity: Identity
) -> Place:
    """Say where *message* from *identity* belongs, strongest evidence first."""
    ticket = _by_token(session, account, message.keys)
    if ticket is not None:
        return Place(ticket=ticket, is_confirmed=_is_on(session, ticket, identity))
    if not channels.is_mail(account):
        return Place(ticket=_by_network(session, account, message.keys))
    referred = _by_reference(session, account, message.keys)
    for candidate in referred:
        if _is_on(session, candidate, identity):
            return Place(ticket=candidate)
    if referred:
        return Place(resembles=referred[0])
    return Place(resembles=_by_subject(session, account, message, identity))


def find_delivery(
    session: Session, tokens: tuple[str, ...], keys: tuple[str, ...] = ()
) -> Delivery | None:
    """Return the delivery of ours that a report speaks of, None when it speaks of none.

    *keys* are its references in the form in which ids are kept (``channels.own_key``).
    """
    if tokens:
        found = session.scalars(select(Delivery).where(Delivery.token.in_(tokens[:MAX_REFERENCES])))
        if (delivery := found.first()) is not None:
            return delivery
    digests = [key_digest(key) for key in keys[:MAX_REFERENCES]]
    return session.scalars(
        select(Delivery)
        .join(ThreadKey, ThreadKey.message_id == Delivery.message_id)
        .where(ThreadKey.digest.in_(digests), ThreadKey.is_ours)
        .order_by(Delivery.id.desc())
    ).first()


def _by_token(session: Session, account: ChannelAccount, keys: ThreadKeys) -> Ticket | None:
    """Return the ticket of a token; it counts only in the mailbox whose answer carried it."""
    if not keys.tokens:
        return None
    statement = (
        select(Ticket)
        .join(Delivery, Delivery.ticket_id == Ticket.id)
        .join(ChannelAccount, ChannelAccount.id == Delivery.account_id)
        .where(
            Delivery.token.in_(keys.tokens[:MAX_REFERENCES]),
            ChannelAccount.mailbox_id == account.mailbox_id,
        )
        .order_by(Delivery.id.desc())
    )
    return alive(session, session.scalars(statement).first())


def _by_reference(session: Session, account: ChannelAccount, keys: ThreadKeys) -> list[Ticket]:
    """Return the tickets of the ids referred to, the nearest parent first."""
    wanted = list(reversed(keys.references[-MAX_REFERENCES:]))
    if keys.conversation:
        wanted.append(keys.conversation)
    if not wanted:
        return []
    digests = [key_digest(channels.own_key(account, key)) for key in wanted]
    rows = session.execute(
        select(ThreadKey.digest, Ticket)
        .join(Ticket, Ticket.id == ThreadKey.ticket_id)
        .where(ThreadKey.digest.in_(digests), ThreadKey.mailbox_id == account.mailbox_id)
        .order_by(ThreadKey.id)
    ).all()
    by_digest = {row.digest: row.Ticket for row in rows}
    found = (by_digest[digest] for digest in digests if digest in by_digest)
    living = (alive(session, ticket) for ticket in found)
    return list({ticket.id: ticket for ticket in living if ticket is not None}.values())


def _by_network(session: Session, account: ChannelAccount, keys: ThreadKeys) -> Ticket | None:
    """Return the ticket of what is answered, else of the conversation, whoever speaks in it.

    A network has proved who is in a conversation; in mail anybody can write a reference.
    """
    referred = _by_reference(session, account, keys)
    if referred or not keys.conversation:
        return referred[0] if referred else None
    latest = (
        select(Ticket)
        .join(TicketLeg, TicketLeg.ticket_id == Ticket.id)
        .where(TicketLeg.account_id == account.id, TicketLeg.conversation == keys.conversation)
        .order_by(Ticket.id.desc())
        .limit(1)
    )
    return alive(session, session.scalars(latest).first())


def _by_subject(
    session: Session, account: ChannelAccount, message: InboundMessage, identity: Identity
) -> Ticket | None:
    match = _NUMBER.search(message.subject)
    if match is not None:
        numbered = select(Ticket).where(
            Ticket.number == int(match.group(1)), Ticket.mailbox_id == account.mailbox_id
        )
        if (ticket := alive(session, session.scalars(numbered).one_or_none())) is not None:
            return ticket
    if not has_prefix(message.subject):
        return None  # not an answer by its subject, so nothing to resemble
    recent = (
        select(Ticket.id, Ticket.subject)
        .where(Ticket.customer_id == identity.customer_id, Ticket.mailbox_id == account.mailbox_id)
        .order_by(Ticket.id.desc())
        .limit(20)
    )
    for ticket_id, subject in session.execute(recent):
        if is_about_same(subject, message.subject):
            return alive(session, session.get(Ticket, ticket_id))
    return None


def _is_on(session: Session, ticket: Ticket, identity: Identity) -> bool:
    """Whether the sender, by any of their addresses, is on the ticket and was confirmed."""
    statement = (
        select(TicketParticipant.identity_id)
        .join(Identity, Identity.id == TicketParticipant.identity_id)
        .where(
            TicketParticipant.ticket_id == ticket.id,
            TicketParticipant.role != "unconfirmed",
            Identity.customer_id == identity.customer_id,
        )
    )
    return session.execute(statement.limit(1)).first() is not None


def alive(session: Session, ticket: Ticket | None) -> Ticket | None:
    """Follow merges; a deleted ticket takes no more messages."""
    for _step in range(MAX_MERGES):
        if ticket is None or ticket.merged_into_id is None:
            break
        ticket = session.get(Ticket, ticket.merged_into_id)
    if ticket is None or ticket.deleted_at is not None:
        return None
    return ticket
