"""Filing one parsed message: who wrote it, which ticket, what lists show of it, all at once.

Runs inside the transaction of ``inbound``. Nothing a stranger wrote is dropped: spam, loops and
automatic mail are filed where a person can see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from deskcore.domain import events
from deskcore.domain.kinds import Audience, Category, Direction, InboundState, Verdict
from deskcore.domain.messages import Address, InboundMessage
from deskcore.domain.people import canonical_email
from deskcore.domain.text import excerpt
from deskcore.models import (
    ChannelAccount,
    Customer,
    Identity,
    InboundItem,
    Message,
    Ticket,
    TicketLeg,
    User,
)
from deskcore.plugin.active import plugins
from deskcore.services import (
    acknowledgements,
    counters,
    customers,
    files,
    outgoing,
    search,
    threading,
    tickets,
)
from deskcore.services.unit import Unit

PREVIEW = 200
MAX_CC = 50  # also of references: more are noise or malice
CLOCK_SKEW = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A message ready to be filed, with what core and plugins think of it."""

    message: InboundMessage
    verdict: Verdict = Verdict.ACCEPT


def judge(message: InboundMessage) -> Judged:
    """Ask core's loop rule and the plugins; before the transaction, for plugins may be slow."""
    if message.is_own and message.is_auto:
        return Judged(message=message, verdict=Verdict.LOOP)
    hooks = plugins().hooks
    found = hooks.inbound_verdict(message)
    verdict = found.item if found is not None else Verdict.ACCEPT
    return Judged(message=hooks.inbound_prepare(message), verdict=verdict)


def file_message(unit: Unit, account: ChannelAccount, item: InboundItem, judged: Judged) -> Message:
    """File a message on the ticket it belongs to, or on a new one; the item becomes ``filed``."""
    message, verdict = judged.message, judged.verdict
    writer = _writer(unit, message)
    identity = customers.find_or_create(unit, writer)
    place = threading.find_place(unit.session, account, message, identity)
    ticket = place.ticket
    is_new = ticket is None
    if ticket is None:
        ticket = _open_ticket(unit, account, item, message, identity)
        ticket.resembles_id = place.resembles.id if place.resembles else None
    if verdict == Verdict.SPAM and is_new:
        ticket.spam_at = unit.now
    leg = _leg(unit, ticket, account, identity, message)
    role = "customer" if is_new else "cc" if place.is_confirmed else "unconfirmed"
    customers.participate(unit, ticket, identity, role)
    row = _write(unit, ticket, leg, identity, message, item)
    if is_new:
        counters.moved(unit.session, None, counters.place(ticket))
    _note(unit, ticket, row, message, item, is_new=is_new)
    item.state, item.ticket_id, item.message_id = InboundState.FILED, ticket.id, row.id
    if verdict in {Verdict.LOOP, Verdict.HOLD}:
        item.state, item.reason = InboundState.HELD, _HELD[verdict]
    if is_new and verdict == Verdict.ACCEPT and not item.is_history:
        acknowledgements.acknowledge(unit, account, item, ticket, leg, message, identity)
    return row


_HELD = {
    Verdict.LOOP: "An automatic message of this desk came back to it.",
    Verdict.HOLD: "A plugin asked for a person to look at it.",
}


def _writer(unit: Unit, message: InboundMessage) -> Address:
    """Return whose message this is.

    A mail that a colleague forwarded belongs to whom it came from; only colleagues may say so,
    since anybody can write a forward's header lines.
    """
    original = message.original_sender
    if original is not None and original.value:
        colleague = select(User.id).where(
            User.email == canonical_email(message.sender.value), User.deactivated_at.is_(None)
        )
        if unit.session.execute(colleague).first() is not None:
            return original
    if message.sender.value:
        return message.sender
    return Address(value="unknown@sender.invalid")


def _open_ticket(
    unit: Unit,
    account: ChannelAccount,
    item: InboundItem,
    message: InboundMessage,
    identity: Identity,
) -> Ticket:
    customer = unit.session.get_one(Customer, identity.customer_id)
    at = _when(unit, item, message)
    status = tickets.status_of(unit.session, "solved" if item.is_history else "open")
    ticket = Ticket(
        number=tickets.next_number(unit),
        subject=message.subject[: tickets.MAX_SUBJECT],
        mailbox_id=account.mailbox_id,
        status_id=status.id,
        category=status.category,
        customer_id=customer.id,
        customer_name=customers.display_name(customer, identity)[:320],
        channel=account.channel,
        message_count=0,
        version=1,
        created_at=at,
        updated_at=at,
        list_at=at,
        solved_at=at if item.is_history else None,
    )
    unit.session.add(ticket)
    unit.session.flush()
    unit.record(
        events.TicketOpened(
            ticket_id=ticket.id,
            mailbox_id=ticket.mailbox_id,
            customer_id=customer.id,
            channel=account.channel,
        )
    )
    return ticket


def _leg(
    unit: Unit,
    ticket: Ticket,
    account: ChannelAccount,
    identity: Identity,
    message: InboundMessage,
) -> TicketLeg:
    conversation = message.keys.conversation or ""
    known = unit.session.scalars(
        select(TicketLeg).where(
            TicketLeg.ticket_id == ticket.id,
            TicketLeg.account_id == account.id,
            TicketLeg.identity_id == identity.id,
            TicketLeg.conversation == conversation,
        )
    ).first()
    if known is not None:
        return known
    leg = TicketLeg(
        ticket_id=ticket.id,
        account_id=account.id,
        identity_id=identity.id,
        conversation=conversation,
        created_at=unit.now,
    )
    unit.session.add(leg)
    unit.session.flush()
    return leg


def _write(
    unit: Unit,
    ticket: Ticket,
    leg: TicketLeg,
    identity: Identity,
    message: InboundMessage,
    item: InboundItem,
) -> Message:
    row = Message(
        ticket_id=ticket.id,
        leg_id=leg.id,
        direction=Direction.IN,
        audience=Audience.CUSTOMER,
        author_identity_id=identity.id,
        author_name=(message.sender.name or identity.name)[:320],
        author_address=message.sender.value[:320],
        to_addresses=[str(address) for address in message.to[:MAX_CC]],
        cc_addresses=[str(address) for address in message.cc[:MAX_CC]],
        reply_to=[address.value for address in message.reply_to[:MAX_CC]],
        subject=message.subject,
        visible=message.visible,
        quoted=message.quoted,
        html=message.html or None,
        external_id=message.external_id[:998],
        reference_ids=list(message.keys.references[-MAX_CC:]),
        is_automatic=message.is_auto,
        takes_no_answer=message.is_auto or message.is_bulk or message.is_own,
        forwarded_from=message.original_sender.value[:320] if message.original_sender else "",
        is_verified=message.verified,
        warnings=list(message.warnings),
        sent_at=message.sent_at,
        created_at=_when(unit, item, message),
    )
    unit.session.add(row)
    unit.session.flush()
    for file in message.files:
        files.attach(unit, file, message_id=row.id)
    outgoing.remember(unit, ticket.mailbox_id, ticket.id, row.id, message.keys.own, is_ours=False)
    return row


def _note(
    unit: Unit,
    ticket: Ticket,
    row: Message,
    message: InboundMessage,
    item: InboundItem,
    *,
    is_new: bool,
) -> None:
    """Bring the ticket's row, status, history and search in line with its new message."""
    at = row.created_at if item.is_history or is_new else unit.now
    reopens = not item.is_history and not message.is_auto and ticket.category != Category.OPEN
    was = ticket.category
    with counters.changing(unit, ticket):
        if item.is_history:
            ticket.message_count += 1
            ticket.preview = excerpt(message.visible, PREVIEW)
            ticket.last_direction, ticket.last_message_at = Direction.IN, at
        elif message.is_auto and not is_new:
            ticket.message_count += 1  # an out-of-office neither reopens nor starts a clock
        else:
            if reopens:
                tickets.set_status(unit, ticket, tickets.status_of(unit.session, "open"))
            tickets.note_message(ticket, row, preview=excerpt(message.visible, PREVIEW), now=at)
        ticket.has_files = ticket.has_files or any(not file.inline for file in message.files)
    if reopens and was == Category.SOLVED:
        unit.record(
            events.TicketReopened(
                ticket_id=ticket.id, mailbox_id=ticket.mailbox_id, message_id=row.id
            )
        )
    unit.record(
        events.MessageReceived(
            ticket_id=ticket.id,
            mailbox_id=ticket.mailbox_id,
            customer_id=ticket.customer_id,
            message_id=row.id,
            channel=ticket.channel,
            first=is_new,
            is_automatic=message.is_auto,
        )
    )
    search.index_message(unit.session, ticket, row)
    search.index_ticket(unit.session, ticket)


def _when(unit: Unit, item: InboundItem, message: InboundMessage) -> datetime:
    """Return when a message counts as received.

    By the server's clock, not the sender's; only imported history goes by what the mail says.
    """
    at = item.arrived_at
    if item.is_history and message.sent_at is not None:
        at = min(at, message.sent_at)
    return at if at <= unit.now + CLOCK_SKEW else unit.now
