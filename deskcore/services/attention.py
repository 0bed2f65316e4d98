"""What waits for a person among received items: try again, set aside, look at the raw bytes."""

from __future__ import annotations

from sqlalchemy import Select, select

from deskcore.domain.kinds import InboundState
from deskcore.domain.people import Actor
from deskcore.errors import Conflict, NotFound
from deskcore.i18n import _
from deskcore.models import ChannelAccount, InboundItem, Mailbox
from deskcore.services import access, files
from deskcore.services.unit import Unit, reading, unit_of_work

WAITING = (InboundState.FAILED, InboundState.HELD)


def retry_item(actor: Actor, item_id: int) -> None:
    """File a failed item again, as after a parser was mended; a held one that has no ticket too.

    Raises Conflict when it is not waiting any more.
    """
    with unit_of_work(actor) as unit:
        item = _own(unit, actor, item_id)
        if item.message_id is not None:
            item.state, item.reason = InboundState.FILED, ""  # looked at; it has its ticket
            return
        item.state, item.reason = InboundState.STORED, ""
        unit.enqueue(
            "inbound.file",
            {"item_ids": [item.id]},
            order_key=f"inbound:{item.account_id}",
            unique_key=f"inbound:retry:{item.id}",
        )


def discard_item(actor: Actor, item_id: int) -> None:
    """Take an item off the list; its bytes stay as long as any received mail's."""
    with unit_of_work(actor) as unit:
        item = _own(unit, actor, item_id)
        item.state = InboundState.IGNORED if item.message_id is None else InboundState.FILED
        item.reason = f"Set aside by {actor.name}."
        unit.audit("inbound.discarded", f"item {item.id}")


def raw(actor: Actor, item_id: int) -> bytes:
    """Return an item exactly as it was received; raises NotFound when its bytes were purged.

    What neither waits nor became a message may quote a link that lets its reader in: for admins.
    """
    with reading() as session:
        access.require(actor, "attention.handle", session)
        statement = _visible(actor).where(InboundItem.id == item_id)
        if not actor.is_admin:
            is_open = InboundItem.state.in_(WAITING) | InboundItem.message_id.is_not(None)
            statement = statement.where(is_open)
        item = session.scalars(statement).one_or_none()
        if item is None or item.digest is None:
            message = _("There is no such item, or its bytes were removed by the retention rule.")
            raise NotFound(message)
        digest = item.digest
    return files.read(digest)


def raw_of_message(actor: Actor, message_id: int) -> bytes:
    """Return the mail a message was made from, as it was received."""
    with reading() as session:
        statement = _visible(actor).where(InboundItem.message_id == message_id)
        item = session.scalars(statement.order_by(InboundItem.id).limit(1)).one_or_none()
    if item is None:
        message = _("The original of this message is not stored.")
        raise NotFound(message)
    return raw(actor, item.id)


def _own(unit: Unit, actor: Actor, item_id: int) -> InboundItem:
    access.require(actor, "attention.handle", unit.session)
    statement = _visible(actor).where(InboundItem.id == item_id)
    item = unit.session.scalars(statement).one_or_none()
    if item is None:
        message = _("There is no such item, or it came to a mailbox you cannot see.")
        raise NotFound(message)
    if item.state not in WAITING:
        message = _("Somebody dealt with this meanwhile; nothing was changed.")
        raise Conflict(message)
    return item


def _visible(actor: Actor) -> Select[InboundItem]:
    return (
        select(InboundItem)
        .join(ChannelAccount, ChannelAccount.id == InboundItem.account_id)
        .join(Mailbox, Mailbox.id == ChannelAccount.mailbox_id)
        .where(access.visible_mailboxes(actor))
    )
