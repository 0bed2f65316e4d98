"""People who write to the desk, their addresses and their companies."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deskcore.db import Base, BigId


class Company(Base):
    """A firm that customers belong to; domains only suggest it, people decide."""

    __tablename__ = "company"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(160), index=True)
    domains: Mapped[list[str]] = mapped_column(default=list)
    notes: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class Customer(Base):
    """Somebody who writes to the desk; merged by people only, erased as a whole."""

    __tablename__ = "customer"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(160), default="")
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id", ondelete="SET NULL"))
    notes: Mapped[str] = mapped_column(Text, default="")
    locale: Mapped[str] = mapped_column(String(16), default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("customer.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "company_id"), Index(None, "name"))


class Identity(Base):
    """One address or handle of a customer.

    ``scope`` is empty for mail and phone and the channel account for network ids.
    """

    __tablename__ = "identity"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customer.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(20))
    scope: Mapped[str] = mapped_column(String(80), default="")
    value: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(160), default="")
    is_bouncing: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("kind", "scope", "value"),)


class Erasure(Base):
    """One customer who was erased: the registry a restore and every plugin must follow."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    customer_id: Mapped[int] = mapped_column(BigId, unique=True)
    identity_digests: Mapped[list[str]] = mapped_column(default=list)
    requested_by_id: Mapped[int | None] = mapped_column(BigId)
    at: Mapped[datetime]
    done_at: Mapped[datetime | None]
