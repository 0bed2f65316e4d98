"""The one automatic answer: "we have your message", to people only, once per new ticket.

Off unless the mailbox switches it on. Never for anything older than the connection, never to
automatic or bulk mail, and never more than the caps below: two desks that greet each other must
fall silent by themselves.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from deskcore.domain.messages import InboundMessage
from deskcore.models import (
    ChannelAccount,
    Delivery,
    DeliveryPart,
    Identity,
    InboundItem,
    Mailbox,
    Ticket,
    TicketLeg,
)
from deskcore.services import counters, outgoing
from deskcore.services.unit import Unit

PER_SENDER_DAY = 5
PER_SENDER_HOUR = 2
PER_ACCOUNT_HOUR = 100


def acknowledge(
    unit: Unit,
    account: ChannelAccount,
    item: InboundItem,
    ticket: Ticket,
    leg: TicketLeg,
    message: InboundMessage,
    identity: Identity,
) -> None:
    """Queue the mailbox's acknowledgement of a new ticket, if it may be sent at all."""
    mailbox = unit.session.get_one(Mailbox, account.mailbox_id)
    if not mailbox.sends_acknowledgement or not mailbox.acknowledgement_text.strip():
        return
    if message.is_auto or message.is_bulk or message.is_own or identity.is_bouncing:
        return
    if item.arrived_at < account.connected_at or _over_cap(unit, account, identity):
        return
    to = message.reply_to[0].value if message.reply_to else identity.value
    subject = mailbox.acknowledgement_subject or ticket.subject
    body = mailbox.acknowledgement_text.replace("{{ticket.number}}", str(ticket.number))
    with counters.changing(unit, ticket):
        outgoing.create(
            unit,
            ticket,
            leg,
            account,
            outgoing.Outgoing(
                to=(to,),
                cc=(),
                subject=subject.replace("{{ticket.number}}", str(ticket.number)),
                body=body.replace("{{ticket.subject}}", ticket.subject),
                run_at=unit.now,
                is_automatic=True,
            ),
        )
        ticket.message_count += 1


def _over_cap(unit: Unit, account: ChannelAccount, identity: Identity) -> bool:
    def sent(since: timedelta, *, to_sender: bool) -> int:
        statement = select(func.count(Delivery.id.distinct())).where(
            Delivery.is_automatic,
            Delivery.account_id == account.id,
            Delivery.created_at > unit.now - since,
        )
        if to_sender:
            statement = statement.join(DeliveryPart).where(DeliveryPart.recipient == identity.value)
        return unit.session.scalar(statement) or 0

    hour, day = timedelta(hours=1), timedelta(days=1)
    return (
        sent(hour, to_sender=True) >= PER_SENDER_HOUR
        or sent(day, to_sender=True) >= PER_SENDER_DAY
        or sent(hour, to_sender=False) >= PER_ACCOUNT_HOUR
    )
