"""The looks of the desk: what was published, and the draft that owners work on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from deskcore.db import Base, BigId


class LookRevision(Base):
    """Choices as they were published, never changed; ``logo`` is the digest of a blob, or empty.

    Which one is shown stands in the desk's settings.
    """

    __tablename__ = "look_revision"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    logo: Mapped[str] = mapped_column(String(64), default="", index=True)
    by_name: Mapped[str] = mapped_column(String(320), default="")
    at: Mapped[datetime]


class LookDraft(Base):
    """One row: choices that nobody is shown yet; empty ``content`` is no draft.

    ``version`` grows with every change, so that two people notice one another.
    """

    __tablename__ = "look_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    content: Mapped[str] = mapped_column(Text, default="")
    logo: Mapped[str] = mapped_column(String(64), default="")
    by_name: Mapped[str] = mapped_column(String(320), default="")
    at: Mapped[datetime | None]
