"""One request as its customer sees it: what they and the shop said to each other, and no more.

Of a ticket only this passes: messages for customers that this customer wrote, and those that were
sent to an address of theirs and have left. Whoever else is on the ticket, or was merged into it,
is not on this page; neither are notes, drafts, or answers that can still be taken back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.domain.kinds import QUESTION, Audience, DeliveryState, Direction, InboundState
from deskcore.domain.messages import address_in
from deskcore.errors import NotFound
from deskcore.i18n import _
from deskcore.models import (
    Attachment,
    Customer,
    Delivery,
    Identity,
    InboundItem,
    Message,
    MessageChange,
    PublicLink,
    Ticket,
)
from deskcore.services import changes, files, public_links
from deskcore.services.message_body import MessageBody
from deskcore.services.unit import reading

# Has left, or may have: what is queued can still be taken back, and what failed was never said.
SAID = frozenset(
    {
        DeliveryState.SENT,
        DeliveryState.DELIVERED,
        DeliveryState.READ,
        DeliveryState.BOUNCED,
        DeliveryState.UNSURE,
    }
)
_WAITING = (InboundState.STORED, InboundState.FAILED)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Whoever holds a key: the ticket it opens, and whose eyes it is read with."""

    link_id: int
    ticket: Ticket
    identity: Identity
    customer: Customer


@dataclass(frozen=True, kw_only=True)
class SaidFile:
    """A file of a message on the page."""

    public_id: str
    filename: str
    size: int


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message on the page; ``author_name`` is the agent's own, for whom it may be shown to."""

    id: int
    is_theirs: bool
    author_name: str
    text: str
    is_html: bool
    at: datetime
    files: tuple[SaidFile, ...]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What the page is made from; ``waiting`` are times of answers that are still being filed.

    ``can_close`` is False where a plugin's kind of ticket, or another ticket, says when it is done.
    """

    number: int
    subject: str
    category: str
    language: str
    can_close: bool
    said: tuple[Said, ...]
    waiting: tuple[datetime, ...]


def open_request(key: str) -> Request:
    """Return the request that a key opens; raises NotFound for a key that opens nothing."""
    with reading() as session:
        holder = hold(session, key)
        rows = _shown(session, holder)
        files_by_message = _files(session, [row.id for row in rows])
        return Request(
            number=holder.ticket.number,
            subject=holder.ticket.subject,
            category=holder.ticket.category,
            language=holder.customer.locale,
            can_close=can_close(holder.ticket),
            said=tuple(
                Said(
                    id=row.id,
                    is_theirs=row.direction == Direction.IN,
                    author_name=row.author_name if row.direction == Direction.OUT else "",
                    text=row.visible,
                    is_html=row.html is not None and row.direction == Direction.IN,
                    at=row.created_at,
                    files=files_by_message.get(row.id, ()),
                )
                for row in rows
            ),
            waiting=_waiting(session, holder.link_id),
        )


def body(key: str, message_id: int) -> MessageBody:
    """Return the markup of a message of the request; raises NotFound for every other."""
    with reading() as session:
        rows = _shown(session, hold(session, key))
        found = next((row for row in rows if row.id == message_id and row.html is not None), None)
        if found is None or found.html is None:
            raise _nothing()
        images = session.execute(
            select(Attachment.content_id, Attachment.public_id).where(
                Attachment.message_id == message_id,
                Attachment.content_id != "",
                Attachment.is_remote.is_(False),
            )
        )
        return MessageBody(
            html=found.html,
            visible=found.visible,
            quoted=found.quoted,
            images={image.content_id: image.public_id for image in images},
        )


def open_file(key: str, public_id: str) -> tuple[Attachment, Path]:
    """Return a file of the request with the path of its bytes; raises NotFound for every other."""
    with reading() as session:
        ids = [row.id for row in _shown(session, hold(session, key))]
        row = session.scalars(
            select(Attachment).where(
                Attachment.public_id == public_id, Attachment.message_id.in_(ids)
            )
        ).one_or_none()
    if row is None or not files.path_of(row.digest).exists():
        raise _nothing()
    return row, files.path_of(row.digest)


def can_close(ticket: Ticket) -> bool:
    """Whether a customer's word alone closes and opens a ticket."""
    return ticket.merged_into_id is None and ticket.kind == QUESTION


def hold(session: Session, key: str) -> Holder:
    """Return who holds *key*; raises NotFound when it is none, or what it opened is put away."""
    link = public_links.find(session, "ticket", key, clock.now())
    row = _held(session, link) if link is not None else None
    if link is None or row is None:
        raise _nothing()
    return Holder(link_id=link.id, ticket=row[0], identity=row[1], customer=row[2])


def _held(session: Session, link: PublicLink) -> tuple[Ticket, Identity, Customer] | None:
    found = session.execute(
        select(Ticket, Identity, Customer)
        .select_from(Ticket)
        .join(Identity, Identity.id == link.identity_id)
        .join(Customer, Customer.id == Identity.customer_id)
        .where(
            Ticket.id == link.ticket_id,
            Ticket.deleted_at.is_(None),
            Ticket.spam_at.is_(None),
            Customer.erased_at.is_(None),
        )
    ).one_or_none()
    return (found[0], found[1], found[2]) if found is not None else None


def _shown(session: Session, holder: Holder) -> list[Message]:
    """Return the messages of the request that its customer may read, oldest first."""
    theirs = session.execute(
        select(Identity.id, Identity.value).where(Identity.customer_id == holder.customer.id)
    ).all()
    ids, addresses = {row.id for row in theirs}, {row.value for row in theirs}
    taken_back = exists().where(
        MessageChange.message_id == Message.id, MessageChange.kind.in_(changes.WITHDRAWN)
    )
    of_message = Delivery.message_id == Message.id
    # Without a delivery it was imported, as it had been sent.
    has_left = or_(
        Message.direction == Direction.IN,
        exists().where(of_message, Delivery.state.in_(SAID)),
        ~exists().where(of_message),
    )
    rows = session.scalars(
        select(Message)
        .where(
            Message.ticket_id == holder.ticket.id,
            Message.audience == Audience.CUSTOMER,
            Message.undone_at.is_(None),
            ~taken_back,
            has_left,
        )
        .order_by(Message.id)
    )
    return [
        row
        for row in rows
        if (
            row.author_identity_id in ids
            if row.direction == Direction.IN
            else _was_told(row, addresses)
        )
    ]


def _was_told(message: Message, addresses: set[str]) -> bool:
    """Whether an answer went to this customer: agents write to others on a ticket, too."""
    to = {address_in(value) for value in (*message.to_addresses, *message.cc_addresses)}
    return bool(to & addresses)


def _files(session: Session, message_ids: list[int]) -> dict[int, tuple[SaidFile, ...]]:
    rows = session.scalars(
        select(Attachment)
        .where(Attachment.message_id.in_(message_ids), Attachment.is_remote.is_(False))
        .order_by(Attachment.id)
    )
    found: dict[int, tuple[SaidFile, ...]] = {}
    for row in rows:
        if row.message_id is not None and not row.is_inline:
            file = SaidFile(public_id=row.public_id, filename=row.filename, size=row.size)
            found[row.message_id] = (*found.get(row.message_id, ()), file)
    return found


def _waiting(session: Session, link_id: int) -> tuple[datetime, ...]:
    """Return when answers by this key came that are not on the ticket yet."""
    return tuple(
        session.scalars(
            select(InboundItem.received_at)
            .where(
                InboundItem.state.in_(_WAITING),
                InboundItem.external_id.startswith(f"page:{link_id}:", autoescape=True),
            )
            .order_by(InboundItem.id)
        )
    )


def _nothing() -> NotFound:
    return NotFound(_("There is no page here"))
