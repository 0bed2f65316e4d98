"""The one automatic answer: "we have your message", to people only, once per new ticket.

Off unless the mailbox switches it on. Never for anything older than the connection, never to
automatic or bulk mail, never to ourselves, and never more than the budgets below: two desks that
greet each other must fall silent by themselves, even when neither can be told for a machine. What
was withheld stands on the ticket; what came back at a machine's pace is put before a person.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, exists, func, or_, select

from deskcore.domain import events
from deskcore.domain.kinds import InboundState
from deskcore.domain.messages import InboundMessage
from deskcore.domain.people import canonical_email
from deskcore.i18n import N_
from deskcore.models import (
    ChannelAccount,
    Delivery,
    DeliveryPart,
    Event,
    Identity,
    InboundItem,
    Mailbox,
    Ticket,
    TicketLeg,
)
from deskcore.services import counters, outgoing, ticket_kinds
from deskcore.services.unit import Unit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Of the whole desk to one address: two desks that cannot tell each other for machines exchange one
# automatic mail each, then are silent.
PER_ADDRESS = ((HOUR, 1), (DAY, 5))
PER_MAILBOX_HOUR = 100
# People seldom write again so soon after they were answered.
MACHINE_PACE = timedelta(minutes=10)
_TOO_QUICK = N_(
    "No automatic answer was sent: this came within minutes of the last one, as if from a machine."
)
_TOO_MANY = N_("No automatic answer was sent: this mailbox has sent 100 of them within an hour.")


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
    if ticket_kinds.is_guarded(unit.session, ticket):
        return
    to = canonical_email(message.reply_to[0].value) if message.reply_to else identity.value
    if item.arrived_at < account.connected_at or _is_ours(unit, to):
        return
    if _is_over(unit, to, account) or _is_over(unit, "", account):
        _withhold(unit, account, item, ticket, to)
        return
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


def _is_ours(unit: Unit, address: str) -> bool:
    """Whether mail to *address* would come back to this desk."""
    whose = ChannelAccount.address == _bare(address)
    return bool(unit.session.scalar(select(exists().where(whose))))


def _is_over(unit: Unit, address: str, account: ChannelAccount) -> bool:
    """Whether the budget of one address is used up; without an address, that of the mailbox."""
    if not address:
        of_mailbox = Delivery.account_id == account.id
        return _sent(unit, HOUR, of_mailbox) >= PER_MAILBOX_HOUR
    return any(_sent(unit, span, _is_to(address)) >= most for span, most in PER_ADDRESS)


def _sent(unit: Unit, span: timedelta, whose: ColumnElement[bool]) -> int:
    """Count the automatic mails of the last *span*."""
    statement = select(func.count()).where(
        Delivery.is_automatic, Delivery.created_at > unit.now - span, whose
    )
    return unit.session.scalar(statement) or 0


def _is_to(address: str) -> ColumnElement[bool]:
    """Match what went to a mailbox, whatever follows a plus sign: desks put their tokens there."""
    local, _at, domain = _bare(address).rpartition("@")
    to = DeliveryPart.recipient
    begins = to.startswith(f"{local}+", autoescape=True)
    tagged = begins & to.endswith(f"@{domain}", autoescape=True)
    return exists().where(
        DeliveryPart.delivery_id == Delivery.id, or_(to == f"{local}@{domain}", tagged)
    )


def _bare(address: str) -> str:
    """Return the mailbox behind an address with a detail (RFC 5233): help+x@shop, help@shop."""
    local, _at, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _withhold(
    unit: Unit, account: ChannelAccount, item: InboundItem, ticket: Ticket, address: str
) -> None:
    """Be silent and say so on the ticket; what looks like a machine goes before a person, once."""
    is_quick = _sent(unit, MACHINE_PACE, _is_to(address)) > 0
    is_flood = not _is_over(unit, address, account)
    whose = None if is_flood else ticket.customer_id
    was_told = unit.session.scalar(
        select(
            exists().where(
                Event.name == events.AnswerWithheld.name,
                Event.at > unit.now - HOUR,
                Event.mailbox_id == ticket.mailbox_id,
                Event.customer_id.is_(None) if whose is None else Event.customer_id == whose,
            )
        )
    )
    if (is_quick or is_flood) and not was_told:
        item.state, item.reason = InboundState.HELD, _TOO_MANY if is_flood else _TOO_QUICK
    unit.record(
        events.AnswerWithheld(
            ticket_id=ticket.id, mailbox_id=ticket.mailbox_id, customer_id=whose, address=address
        )
    )
