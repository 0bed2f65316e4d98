"""Filing one parsed message: who wrote it, which ticket, what lists show of it, all at once.

Runs inside the transaction of ``inbound``. Nothing a stranger wrote is dropped: spam, loops and
automatic mail are filed where a person can see them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select

from deskcore.domain import events, remote_images
from deskcore.domain.filenames import safe_filename
from deskcore.domain.kinds import QUESTION, Audience, Category, Direction, InboundState, Verdict
from deskcore.domain.messages import Address, InboundMessage
from deskcore.domain.people import canonical_email
from deskcore.domain.text import excerpt, preview
from deskcore.models import (
    ChannelAccount,
    Customer,
    Identity,
    InboundItem,
    Message,
    Status,
    Ticket,
    TicketLeg,
    User,
)
from deskcore.plugin.active import plugins
from deskcore.plugin.faults import told_fault
from deskcore.plugin.parts import Reason
from deskcore.plugin.ticket_kinds import TicketKind
from deskcore.services import (
    acknowledgements,
    awaited_files,
    changes,
    channels,
    counters,
    customers,
    files,
    gathering,
    outgoing,
    page_answers,
    search,
    threading,
    ticket_kinds,
    tickets,
)
from deskcore.services.prepared import light
from deskcore.services.rows import put
from deskcore.services.unit import Unit

FIRST_WORDS = 80
MAX_CC = 50  # also of references: more are noise or malice
CLOCK_SKEW = timedelta(minutes=10)

_STATUS = select(Status.id, Status.category).where(Status.key == bindparam("key"))


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A message ready to be filed, with what core and plugins think of it."""

    message: InboundMessage
    verdict: Verdict = Verdict.ACCEPT
    reasons: tuple[Reason, ...] = ()


def judge(message: InboundMessage) -> Judged:
    """Ask core's loop rule and the plugins; before the transaction, for plugins may be slow."""
    if message.is_own and message.is_auto:
        return Judged(message=message, verdict=Verdict.LOOP)
    hooks = plugins().hooks
    found = hooks.inbound_verdict(message)
    prepared = hooks.inbound_prepare(message)
    return Judged(message=prepared, verdict=found.verdict, reasons=found.reasons)


def file_message(unit: Unit, account: ChannelAccount, item: InboundItem, judged: Judged) -> Message:
    """File a message on the ticket it belongs to, or on a new one; the item becomes ``filed``."""
    message, verdict = judged.message, judged.verdict
    if (whole := gathering.join(unit, account, item, message)) is not None:
        return whole
    writer = _writer(unit, message)
    identity, customer = customers.find_or_create(unit, writer, channels.known_by(account))
    place = page_answers.find_place(unit.session, item) or threading.find_place(
        unit.session, account, message, identity
    )
    if verdict == Verdict.BANNED and place.ticket is not None and place.ticket.spam_at is None:
        place = threading.Place(resembles=place.ticket)  # nobody works on what a banned one writes
    ticket = place.ticket
    is_new = ticket is None
    if ticket is None:
        ticket = _open_ticket(unit, account, item, message, identity, customer)
        ticket.resembles_id = place.resembles.id if place.resembles else None
        _flag(unit, ticket, judged)
        leg = _add_leg(unit, ticket, account, identity, message)
        customers.add_participant(unit, ticket, identity, "customer")
    else:
        leg = _leg(unit, ticket, account, identity, message)
        role = "cc" if place.is_confirmed else "unconfirmed"
        customers.participate(unit, ticket, identity, role)
    row = _write(unit, ticket, leg, identity, message, item)
    own = channels.own_key(account, message.keys.own)
    for key in (own, gathering.key(account, message)):
        outgoing.remember(unit, ticket.mailbox_id, ticket.id, row.id, key, is_ours=False)
    if is_new:
        counters.moved(unit.session, None, counters.place(ticket))
    else:
        _follow(unit, ticket, row, message, item)
    _tell(unit, ticket, row, message, identity, is_new=is_new)
    if is_new:
        page_answers.furnish(unit, ticket, identity.id, item, message)
    awaited_files.expect(unit, account, row, message.awaited)
    changes.catch_up(unit, account, row, own)
    item.state, item.ticket_id, item.message_id = InboundState.FILED, ticket.id, row.id
    if verdict in {Verdict.LOOP, Verdict.HOLD}:
        item.state, item.reason = InboundState.HELD, _HELD[verdict]
    if is_new and verdict == Verdict.ACCEPT and not judged.reasons and not item.is_history:
        acknowledgements.acknowledge(unit, account, item, ticket, leg, message, identity)
    return row


_HELD = {
    Verdict.LOOP: "An automatic message of this desk came back to it.",
    Verdict.HOLD: "A plugin asked for a person to look at it.",
}


def _flag(unit: Unit, ticket: Ticket, judged: Judged) -> None:
    """Put a new ticket among the spam, or only warn of it, with the reasons in its history."""
    is_spam = judged.verdict in {Verdict.SPAM, Verdict.BANNED}
    if is_spam:
        ticket.spam_at = unit.now
    if is_spam or (judged.verdict == Verdict.ACCEPT and judged.reasons):
        unit.record(
            events.TicketFlagged(
                ticket_id=ticket.id,
                mailbox_id=ticket.mailbox_id,
                flag="spam" if is_spam else "suspicious",
                reasons=tuple(reason.plain() for reason in judged.reasons),
            )
        )


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
    customer: Customer,
) -> Ticket:
    at = _when(unit, item, message)
    kind = _kind(account, message)
    if kind is not None:
        status = ticket_kinds.first_status(unit, kind, is_history=item.is_history)
    else:
        key = "solved" if item.is_history else "open"
        [status] = light(unit.session, _STATUS, {"key": key})
    ticket = Ticket(
        number=page_answers.number_in(item.meta) or tickets.next_number(unit),
        kind=kind.name if kind else QUESTION,
        subject=_subject(account, message)[: tickets.MAX_SUBJECT],
        mailbox_id=account.mailbox_id,
        status_id=status.id,
        category=status.category,
        customer_id=customer.id,
        customer_name=customers.display_name(customer, identity)[:320],
        channel=account.channel,
        preview=preview(message.visible),
        message_count=1,
        has_files=any(not file.inline for file in message.files),
        last_direction=Direction.IN,
        created_at=at,
        updated_at=unit.now,
        list_at=at,
        last_message_at=at,
        waiting_since=None if item.is_history else at,
        solved_at=at if item.is_history else None,
    )
    put(unit.session, ticket)
    unit.record(
        events.TicketOpened(
            ticket_id=ticket.id,
            mailbox_id=ticket.mailbox_id,
            customer_id=customer.id,
            channel=account.channel,
        )
    )
    return ticket


def _subject(account: ChannelAccount, message: InboundMessage) -> str:
    """Return what a ticket is called; chats have no subjects, so the first words stand for one."""
    if message.subject or channels.is_mail(account):
        return message.subject
    return excerpt(message.visible, FIRST_WORDS)


def _kind(account: ChannelAccount, message: InboundMessage) -> TicketKind | None:
    """Return the kind that a channel opens a ticket of; what is not its own opens a question."""
    if not message.kind:
        return None
    kind = ticket_kinds.of_channel(account.channel, message.kind)
    carrier = plugins().registry.channels.get(account.channel)
    if carrier is not None and not message.kind.startswith(f"{carrier.slug}."):
        told = f"It opens tickets of the kind {message.kind[:60]!r}, which is none of its own."
        plugins().guard.sink.record(told_fault(carrier.slug, f"{account.channel}.parse", told))
    return kind


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
    return known or _add_leg(unit, ticket, account, identity, message)


def _add_leg(
    unit: Unit,
    ticket: Ticket,
    account: ChannelAccount,
    identity: Identity,
    message: InboundMessage,
) -> TicketLeg:
    leg = TicketLeg(
        ticket_id=ticket.id,
        account_id=account.id,
        identity_id=identity.id,
        conversation=message.keys.conversation or "",
        is_public=ticket_kinds.is_public(ticket),
        created_at=unit.now,
    )
    return put(unit.session, leg)


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
        remote_images=remote_images.count(message.html),
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
    put(unit.session, row)
    for file in message.files:
        files.attach(unit, file, message_id=row.id)
    return row


def _follow(
    unit: Unit, ticket: Ticket, row: Message, message: InboundMessage, item: InboundItem
) -> None:
    """Bring the row and status of a ticket that was there in line with its new message."""
    at = row.created_at if item.is_history else unit.now
    is_news = not item.is_history and not message.is_auto
    status = ticket_kinds.after_message(unit, ticket) if is_news else None
    was = ticket.category
    with counters.changing(unit, ticket):
        if item.is_history:
            ticket.message_count += 1
            ticket.preview = preview(message.visible)
            ticket.last_direction, ticket.last_message_at = Direction.IN, at
        elif message.is_auto:
            ticket.message_count += 1  # an out-of-office neither reopens nor starts a clock
        else:
            if status is not None:
                tickets.set_status(unit, ticket, status, cause="message")
            tickets.note_message(ticket, row, preview=preview(message.visible), now=at)
        ticket.has_files = ticket.has_files or any(not file.inline for file in message.files)
    if status is not None and was == Category.SOLVED:
        unit.record(
            events.TicketReopened(
                ticket_id=ticket.id, mailbox_id=ticket.mailbox_id, message_id=row.id
            )
        )


def _tell(
    unit: Unit,
    ticket: Ticket,
    row: Message,
    message: InboundMessage,
    identity: Identity,
    *,
    is_new: bool,
) -> None:
    """Bring history and search in line with a new message."""
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
    if is_new:
        names = [f"{identity.name} {identity.value}"]
        names += [safe_filename(file.filename) for file in message.files]
        search.add(unit.session, ticket, row, names)
    else:
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
