"""What people do to messages after they were said: edits, taking back, reactions.

What was said before an edit is kept and can be seen. What was taken back is hidden, and what was
redacted is erased with its originals. A change whose message is not here yet waits for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select, update

from deskcore.domain.events import MessageChanged
from deskcore.domain.kinds import Direction, InboundState
from deskcore.domain.messages import DeliveryReport, InboundChange
from deskcore.domain.text import preview
from deskcore.i18n import N_
from deskcore.models import (
    Attachment,
    AwaitedFile,
    ChannelAccount,
    Delivery,
    InboundItem,
    Message,
    MessageChange,
    ThreadKey,
    Ticket,
    TicketLeg,
)
from deskcore.services import channels, search
from deskcore.services.outgoing import key_digest, remember
from deskcore.services.unit import Unit

WITHDRAWN = frozenset({"unsend", "redaction"})
REACTIONS = frozenset({"reaction", "unreaction"})
KINDS = WITHDRAWN | REACTIONS | {"edit"}
REPORT = "report"


def apply(unit: Unit, account: ChannelAccount, item: InboundItem, change: InboundChange) -> None:
    """Do what a change says to its message, or let it wait; the item becomes ``filed`` if done."""
    if change.kind not in KINDS:
        item.reason = f"a change of the unknown kind “{change.kind[:40]}”"
        return
    key = channels.own_key(account, change.target)
    row = MessageChange(
        account_id=account.id,
        item_id=item.id,
        target=key_digest(key),
        kind=change.kind,
        author_name=change.sender.name[:320] if change.sender else "",
        author_address=change.sender.value[:320] if change.sender else "",
        content=change.content,
        before={},
        at=change.at or item.received_at,
        created_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    message = _target(unit, account, row)
    if message is None:
        item.reason = N_("It changes a message that is not here; it waits for that.")
        return
    _do(unit, message, row)
    item.state, item.ticket_id, item.reason = InboundState.FILED, message.ticket_id, ""


def catch_up(unit: Unit, account: ChannelAccount, message: Message, key: str) -> None:
    """Do to a message that has just come what waited for it, in the order it was done."""
    if not key or channels.is_mail(account):
        return
    for row in _waiting(unit, account, key):
        if row.kind != REPORT and _may(row, message):
            _do(unit, message, row)


def remember_ours(unit: Unit, delivery: Delivery, key: str) -> None:
    """Keep the id that a network gave what we said: answers, reports and reactions name it."""
    account = unit.session.get_one(ChannelAccount, delivery.account_id)
    if not key or delivery.message_id is None or channels.is_mail(account):
        return
    message = unit.session.get_one(Message, delivery.message_id)
    whole = channels.own_key(account, key)
    known = select(ThreadKey.id).where(
        ThreadKey.digest == key_digest(whole), ThreadKey.message_id == message.id
    )
    if unit.session.execute(known).first() is None:
        remember(unit, account.mailbox_id, message.ticket_id, message.id, whole, is_ours=True)
        catch_up(unit, account, message, whole)


def wait_with_report(
    unit: Unit, account: ChannelAccount, item: InboundItem, report: DeliveryReport
) -> None:
    """Keep a report on something the desk has not sent, or does not know yet that it has."""
    for reference in report.references[:10]:
        row = MessageChange(
            account_id=account.id,
            item_id=item.id,
            target=key_digest(channels.own_key(account, reference)),
            kind=REPORT,
            content=report.detail[:2000],
            before={"status": report.status},
            at=item.received_at,
            created_at=unit.now,
        )
        unit.session.add(row)
    item.reason = N_("It reports on a message that the desk does not know; it waits for that.")


def waiting_reports(unit: Unit, account: ChannelAccount, key: str) -> list[tuple[str, str]]:
    """Return (status, detail) of the reports that were quicker than our own record."""
    found = []
    for row in _waiting(unit, account, channels.own_key(account, key)):
        if row.kind == REPORT:
            row.ended_at = unit.now
            found.append((str(row.before.get("status", "")), row.content))
    return found


def _waiting(unit: Unit, account: ChannelAccount, key: str) -> Sequence[MessageChange]:
    return unit.session.scalars(
        select(MessageChange)
        .where(
            MessageChange.account_id == account.id,
            MessageChange.target == key_digest(key),
            MessageChange.message_id.is_(None),
            MessageChange.ended_at.is_(None),
        )
        .order_by(MessageChange.at, MessageChange.id)
    ).all()


def _target(unit: Unit, account: ChannelAccount, row: MessageChange) -> Message | None:
    """Return the message a change is about: of this account, and not ours unless it is liked."""
    found = unit.session.scalars(
        select(Message)
        .join(ThreadKey, ThreadKey.message_id == Message.id)
        .join(TicketLeg, TicketLeg.id == Message.leg_id)
        .where(ThreadKey.digest == row.target, TicketLeg.account_id == account.id)
        .order_by(Message.id.desc())
        .with_for_update(of=Message)
    ).first()
    return found if found is not None and _may(row, found) else None


def _may(row: MessageChange, message: Message) -> bool:
    return row.kind in REACTIONS or message.direction == Direction.IN


def _do(unit: Unit, message: Message, row: MessageChange) -> None:
    ticket = unit.session.get_one(Ticket, message.ticket_id)
    row.message_id = message.id
    match row.kind:
        case "edit":
            _edit(unit, ticket, message, row)
        case "reaction":
            if _reactions(unit, message, row):
                row.ended_at = unit.now  # it was there already
        case "unreaction":
            for earlier in _reactions(unit, message, row):
                earlier.ended_at = unit.now
        case _:
            _take_back(unit, ticket, message, row)
    message.changed_at = unit.now
    unit.record(
        MessageChanged(
            ticket_id=ticket.id, mailbox_id=ticket.mailbox_id, message_id=message.id, kind=row.kind
        )
    )


def _edit(unit: Unit, ticket: Ticket, message: Message, row: MessageChange) -> None:
    """Show the new text; one that was overtaken by a later change is only kept."""
    done = select(MessageChange.kind, MessageChange.at).where(
        MessageChange.message_id == message.id, MessageChange.id != row.id
    )
    others = unit.session.execute(done).all()
    is_late = any(
        other.kind in WITHDRAWN or (other.kind == "edit" and other.at > row.at) for other in others
    )
    if any(other.kind == "redaction" for other in others):
        row.content = ""
        return
    if is_late:
        row.before = {"text": row.content}
        return
    row.before = {"text": _whole(message)}
    _show(unit, ticket, message, row.content)


def _take_back(unit: Unit, ticket: Ticket, message: Message, row: MessageChange) -> None:
    if row.kind == "redaction":
        _erase(unit, message)
    elif message.visible or message.html:
        row.before = {"text": _whole(message)}
    _show(unit, ticket, message, "")
    if row.kind == "redaction":
        search.remove_message(unit.session, message.id)


def _show(unit: Unit, ticket: Ticket, message: Message, text: str) -> None:
    """Put *text* where the message's was: on the ticket, in lists and in what is found."""
    if ticket.preview == preview(message.visible):
        ticket.preview = preview(text)
    message.visible, message.quoted, message.html, message.remote_images = text, "", None, 0
    search.index_message(unit.session, ticket, message)


def _erase(unit: Unit, message: Message) -> None:
    """Forget what was said, in every form: the sweep frees the disk."""
    of_message = MessageChange.message_id == message.id
    items = select(MessageChange.item_id).where(of_message, MessageChange.item_id.is_not(None))
    unit.session.flush()
    for statement in (
        update(MessageChange).where(of_message).values(before={}, content=""),
        update(InboundItem)
        .where((InboundItem.message_id == message.id) | InboundItem.id.in_(items))
        .values(digest=None),
        delete(Attachment).where(Attachment.message_id == message.id),
        delete(AwaitedFile).where(AwaitedFile.message_id == message.id),
    ):
        unit.session.execute(statement)
    message.subject, message.awaited_files = "", 0


def _reactions(unit: Unit, message: Message, row: MessageChange) -> Sequence[MessageChange]:
    """Return what the same person put on a message before; of no sign in particular, all of it."""
    conditions = [MessageChange.content == row.content] if row.content else []
    return unit.session.scalars(
        select(MessageChange).where(
            MessageChange.message_id == message.id,
            MessageChange.kind == "reaction",
            MessageChange.author_address == row.author_address,
            MessageChange.ended_at.is_(None),
            MessageChange.id != row.id,
            *conditions,
        )
    ).all()


def _whole(message: Message) -> str:
    return "\n\n".join(part for part in (message.visible, message.quoted) if part)
