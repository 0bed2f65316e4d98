"""The messages of one ticket with how far each outgoing one has come, in one statement."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from sqlalchemy import Select, and_, bindparam, exists, select
from sqlalchemy.orm import Session, aliased

from deskcore.domain.kinds import Direction
from deskcore.domain.views import DeliveryView, MessageView
from deskcore.models import ChannelAccount, Delivery, InboundItem, Message, TicketLeg
from deskcore.services import later, remote_images
from deskcore.services.prepared import Found, light

SHOWN = 100
KINDS: dict[Direction, Literal["customer", "agent", "note"]] = {
    Direction.IN: "customer",
    Direction.OUT: "agent",
    Direction.NOTE: "note",
}


@dataclass(frozen=True, kw_only=True)
class Thread:
    """The messages shown, oldest first; ``sender`` is the address answers go out from."""

    messages: tuple[MessageView, ...]
    has_earlier: bool
    newest_id: int
    sender: str


def read(session: Session, ticket_id: int, *, seen: int, everything: bool = False) -> Thread:
    """Return the newest messages of a ticket, or *everything*; undone replies are left out.

    *seen* is the newest message the reader has seen.
    """
    rows = light(session, _statement(everything=everything), {"ticket_id": ticket_id})
    shown = rows if everything else rows[:SHOWN]
    messages = tuple(_message(row, seen) for row in reversed(shown))
    messages = later.added(
        session,
        messages,
        changed={row.id for row in shown if row.changed_at},
        awaiting={row.id for row in shown if row.awaited_files},
    )
    return Thread(
        messages=messages,
        has_earlier=len(rows) > len(shown),
        newest_id=messages[-1].id if messages else 0,
        sender=next((row.sender for row in rows if row.sender), ""),
    )


@lru_cache(maxsize=2)
def _statement(*, everything: bool) -> Select[*tuple[Any, ...]]:
    newer = aliased(Delivery)
    is_latest = ~exists().where(newer.message_id == Message.id, newer.id > Delivery.id)
    raw = exists().where(InboundItem.message_id == Message.id, InboundItem.digest.is_not(None))
    statement = (
        select(
            Message.id,
            Message.direction,
            Message.audience,
            Message.author_name,
            Message.author_address,
            Message.to_addresses,
            Message.cc_addresses,
            Message.reply_to,
            Message.visible,
            Message.quoted,
            Message.is_automatic,
            Message.is_verified,
            Message.undone_at,
            Message.warnings,
            Message.created_at,
            Message.html.is_not(None).label("is_html"),
            Message.remote_images,
            Message.image_load,
            Message.images_asked_at,
            Message.changed_at,
            Message.awaited_files,
            raw.label("has_raw"),
            ChannelAccount.address.label("sender"),
            Delivery.id.label("delivery_id"),
            Delivery.state,
            Delivery.detail,
            Delivery.tries,
            Delivery.run_at,
            Delivery.sent_at.label("left_at"),
        )
        .select_from(Message)
        .outerjoin(Delivery, and_(Delivery.message_id == Message.id, is_latest))
        .outerjoin(TicketLeg, TicketLeg.id == Message.leg_id)
        .outerjoin(ChannelAccount, ChannelAccount.id == TicketLeg.account_id)
        .where(Message.ticket_id == bindparam("ticket_id"), Message.undone_at.is_(None))
        .order_by(Message.id.desc())
    )
    return statement if everything else statement.limit(SHOWN + 1)


def _message(said: Found, seen: int) -> MessageView:
    return MessageView(
        id=said.id,
        kind=KINDS[Direction(said.direction)],
        audience=said.audience,
        author_name=said.author_name,
        author_address=said.author_address,
        to=tuple(said.to_addresses),
        cc=tuple(said.cc_addresses),
        reply_to=tuple(said.reply_to),
        visible=said.visible,
        quoted=said.quoted,
        is_html=bool(said.is_html),
        is_automatic=said.is_automatic,
        is_verified=said.is_verified,
        is_unread=said.id > seen and said.direction == Direction.IN,
        is_undone=said.undone_at is not None,
        warnings=tuple(said.warnings),
        at=said.created_at,
        delivery=_delivery(said),
        has_raw=bool(said.has_raw),
        images=remote_images.view(said.remote_images, said.image_load, said.images_asked_at),
    )


def _delivery(row: Found) -> DeliveryView | None:
    if row.delivery_id is None:
        return None
    return DeliveryView(
        id=row.delivery_id,
        state=row.state,
        detail=row.detail,
        tries=row.tries,
        run_at=row.run_at,
        sent_at=row.left_at,
        is_automatic=row.is_automatic,
    )
