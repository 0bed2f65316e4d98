"""Messages that a network brings in pieces, as the pictures of an album: one message for people.

Each piece is filed for itself, whenever it comes; the first one opens the message, and the others
join it. So ``parse`` stays pure, and nothing waits for pieces that may never come.
"""

from __future__ import annotations

from sqlalchemy import select

from deskcore.domain.events import MessageChanged
from deskcore.domain.kinds import Direction, InboundState
from deskcore.domain.messages import InboundMessage
from deskcore.domain.text import preview
from deskcore.models import ChannelAccount, InboundItem, Message, ThreadKey, Ticket, TicketLeg
from deskcore.services import awaited_files, changes, channels, counters, files, outgoing, search
from deskcore.services.unit import Unit


def key(account: ChannelAccount, message: InboundMessage) -> str:
    """Return by what the pieces of a message find one another; empty for one that is whole."""
    return channels.own_key(account, f"group {message.group}") if message.group else ""


def join(
    unit: Unit, account: ChannelAccount, item: InboundItem, message: InboundMessage
) -> Message | None:
    """Add a piece to the message that an earlier piece became; None when this is the first."""
    if not message.group:
        return None
    whole = unit.session.scalars(
        select(Message)
        .join(ThreadKey, ThreadKey.message_id == Message.id)
        .join(TicketLeg, TicketLeg.id == Message.leg_id)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(
            ThreadKey.digest == outgoing.key_digest(key(account, message)),
            TicketLeg.account_id == account.id,
            Message.direction == Direction.IN,
            Message.author_address == message.sender.value[:320],
            Ticket.deleted_at.is_(None),
        )
        .with_for_update(of=Message)
    ).first()
    if whole is None:
        return None
    ticket = unit.session.get_one(Ticket, whole.ticket_id)
    _add(unit, ticket, whole, message)
    own = channels.own_key(account, message.keys.own)
    outgoing.remember(unit, ticket.mailbox_id, ticket.id, whole.id, own, is_ours=False)
    awaited_files.expect(unit, account, whole, message.awaited)
    changes.catch_up(unit, account, whole, own)
    item.state, item.ticket_id, item.message_id = InboundState.FILED, ticket.id, whole.id
    unit.record(
        MessageChanged(
            ticket_id=ticket.id, mailbox_id=ticket.mailbox_id, message_id=whole.id, kind="file"
        )
    )
    return whole


def _add(unit: Unit, ticket: Ticket, whole: Message, piece: InboundMessage) -> None:
    """Put the words and files of a piece behind those that are there."""
    for file in piece.files:
        files.attach(unit, file, message_id=whole.id)
    whole.warnings = [*dict.fromkeys((*whole.warnings, *piece.warnings))]
    if piece.visible and piece.visible not in whole.visible:
        if whole.visible:
            whole.html = None  # its markup would show the first words only
        else:
            whole.html = piece.html or None
        is_shown = ticket.preview == preview(whole.visible)
        whole.visible = "\n\n".join(part for part in (whole.visible, piece.visible) if part)
        ticket.preview = preview(whole.visible) if is_shown else ticket.preview
    with counters.changing(unit, ticket):
        ticket.has_files = ticket.has_files or any(not file.inline for file in piece.files)
    search.index_message(unit.session, ticket, whole)
