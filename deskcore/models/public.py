"""Keys to the public side: who holds one is shown what it is for, and nothing else."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from deskcore.db import Base, BigId


class PublicLink(Base):
    """A key of one customer's address: to one ticket, or without one to the list of theirs.

    ``purpose`` is ``ticket``; ``requests``, the mailed way to a list; ``visit``, the browser that
    went it. It is found by its digest; only that of a ticket can be shown again, from ``sealed``.
    """

    __tablename__ = "public_link"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    purpose: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    identity_id: Mapped[int] = mapped_column(
        ForeignKey("identity.id", ondelete="CASCADE"), index=True
    )
    ticket_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), index=True
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
