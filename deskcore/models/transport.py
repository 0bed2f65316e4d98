"""Messages on the wire: raw items as they came, deliveries as they go."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deskcore.db import WHERE, Base, BigId
from deskcore.domain.kinds import DeliveryState, InboundState


class InboundItem(Base):
    """One raw item, stored before any parser saw it.

    Unique by (account, external id): receiving twice is harmless. ``content_hash`` is unique
    among an account's originals; a copy carries ``duplicate_of_id``.
    """

    __tablename__ = "inbound_item"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    external_id: Mapped[str] = mapped_column(String(255))
    content_hash: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str | None] = mapped_column(ForeignKey("blob.digest"), index=True)
    size: Mapped[int] = mapped_column(BigId, default=0)
    meta: Mapped[dict[str, object]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(20), default=InboundState.STORED)
    reason: Mapped[str] = mapped_column(Text, default="")
    tries: Mapped[int] = mapped_column(default=0)
    is_history: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime]
    stored_at: Mapped[datetime]
    filed_at: Mapped[datetime | None]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="SET NULL"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="SET NULL"))
    duplicate_of_id: Mapped[int | None] = mapped_column(
        ForeignKey("inbound_item.id", ondelete="SET NULL")
    )

    @property
    def arrived_at(self) -> datetime:
        """When the source took the item in, by its own clock; when we did, if it does not say."""
        stated = self.meta.get("internal_date")
        try:
            at = datetime.fromisoformat(str(stated)) if stated else self.received_at
        except ValueError:
            return self.received_at
        return at if at.tzinfo is not None else self.received_at

    __table_args__ = (
        UniqueConstraint("account_id", "external_id"),
        Index(
            "uq_inbound_item_original",
            "account_id",
            "content_hash",
            unique=True,
            info={WHERE: "duplicate_of_id IS NULL AND state <> 'duplicate'"},
        ),
        Index(None, "state", "id"),
        Index(None, "message_id"),
        Index(None, "ticket_id"),
        Index(None, "duplicate_of_id"),
    )


class Delivery(Base):
    """One outbound message on its way; its bytes are rendered once and reused at every try.

    Without ticket and message it is the desk's own mail (``Notice``). ``key`` is stable across
    tries and is what an idempotent provider is given. ``token`` is the reply token bound to
    (ticket, mailbox, this delivery).
    """

    __tablename__ = "delivery"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    external_id: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(20), default=DeliveryState.QUEUED)
    is_automatic: Mapped[bool] = mapped_column(default=False)
    previous: Mapped[dict[str, object]] = mapped_column(default=dict)
    detail: Mapped[str] = mapped_column(Text, default="")
    tries: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime]
    created_at: Mapped[datetime]
    committing_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    agent_told_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "message_id"),
        Index(None, "state", "run_at"),
        Index(
            "ix_delivery_automatic",
            "created_at",
            info={WHERE: "is_automatic"},
        ),
    )


class DeliveryPayload(Base):
    """The exact bytes of one part of a delivery, rendered once and reused at every try."""

    __tablename__ = "delivery_payload"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    part: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(ForeignKey("blob.digest"), index=True)
    content_type: Mapped[str] = mapped_column(String(120))
    recipients: Mapped[list[str]] = mapped_column(default=list)
    meta: Mapped[dict[str, object]] = mapped_column(default=dict)
    __table_args__ = (UniqueConstraint("delivery_id", "part"),)


class DeliveryPart(Base):
    """What became of one recipient (or part) of a delivery."""

    __tablename__ = "delivery_part"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id", ondelete="CASCADE"))
    recipient: Mapped[str] = mapped_column(String(320))
    state: Mapped[str] = mapped_column(String(20), default=DeliveryState.QUEUED)
    external_id: Mapped[str] = mapped_column(String(255), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (UniqueConstraint("delivery_id", "recipient"),)


class DeliveryAttempt(Base):
    """One try: when it began, whether it passed the point of no return, how it ended."""

    __tablename__ = "delivery_attempt"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("delivery.id", ondelete="CASCADE"), index=True
    )
    started_at: Mapped[datetime]
    committing_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str] = mapped_column(String(20), default="")
    detail: Mapped[str] = mapped_column(Text, default="")


class Notice(Base):
    """A mail of the desk itself; what it says is encrypted. Without a user it is to a customer.

    The words, which may hold a way in, are kept only until it has left or was set aside;
    ``useful_until`` is when a link in it dies. ``item_id`` is the mail that came back about it.
    """

    __tablename__ = "notice"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    delivery_id: Mapped[int] = mapped_column(
        ForeignKey("delivery.id", ondelete="CASCADE"), unique=True
    )
    user_id: Mapped[int | None] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    useful_until: Mapped[datetime]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("inbound_item.id", ondelete="SET NULL"))
    __table_args__ = (Index(None, "item_id"),)
