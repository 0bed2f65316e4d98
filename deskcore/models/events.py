"""What happened, for ever, and what is still to be done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from deskcore.db import WHERE, Base, BigId
from deskcore.domain.kinds import JobState


class Event(Base):
    """One thing that happened: a ticket's history, the source of metrics, the live feed.

    ``position`` is given by one dispatcher after the commit, because sequences of PostgreSQL do
    not commit in order; readers of the feed go by it.
    """

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    position: Mapped[int | None] = mapped_column(BigId, unique=True)
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(12))
    actor_id: Mapped[int] = mapped_column(BigId, default=0)
    actor_name: Mapped[str] = mapped_column(String(320), default="")
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    customer_id: Mapped[int | None] = mapped_column(BigId)
    mailbox_id: Mapped[int | None] = mapped_column(BigId)
    data: Mapped[dict[str, object]] = mapped_column(default=dict)
    caused_by_id: Mapped[int | None] = mapped_column(BigId)
    depth: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        Index(None, "ticket_id", "id"),
        Index(None, "name", "at"),
        Index(
            "ix_event_unplaced",
            "id",
            info={WHERE: "position IS NULL"},
        ),
    )


class Job(Base):
    """One piece of work; the row is the truth and is deleted when the work is done.

    Jobs of one ``order_key`` run one after another, in the order of their ids.
    """

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    args: Mapped[dict[str, object]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(10), default=JobState.READY)
    unique_key: Mapped[str | None] = mapped_column(String(160), unique=True)
    order_key: Mapped[str | None] = mapped_column(String(160), index=True)
    run_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    lease_owner: Mapped[str] = mapped_column(String(64), default="")
    tries: Mapped[int] = mapped_column(default=0)
    max_tries: Mapped[int] = mapped_column(default=10)
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    __table_args__ = (Index(None, "state", "run_at"),)


class OnceDone(Base):
    """A (subscriber, event) pair whose effect is in the database already."""

    __tablename__ = "once_done"

    subscription: Mapped[str] = mapped_column(String(120), primary_key=True)
    event_id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
