"""Administration's memory: append-only, read by admins, edited by nobody."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from deskcore.db import Base, BigId


class AuditEntry(Base):
    """Who did what to the desk itself, with values before and after but never secrets."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    actor_kind: Mapped[str] = mapped_column(String(12))
    actor_id: Mapped[int] = mapped_column(BigId, default=0)
    actor_name: Mapped[str] = mapped_column(String(320), default="")
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(String(160), default="")
    before: Mapped[dict[str, object]] = mapped_column(default=dict)
    after: Mapped[dict[str, object]] = mapped_column(default=dict)
    address: Mapped[str] = mapped_column(String(64), default="")
    __table_args__ = (Index(None, "action", "at"), Index(None, "at"))


class AuditDigest(Base):
    """The chained digest of one day's entries: a change to the past shows."""

    __tablename__ = "audit_digest"

    day: Mapped[date] = mapped_column(primary_key=True)
    entries: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
