"""What the desk knows of its themes: which one it wears, and what failed in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from deskcore.db import Base, BigId


class ThemeRecord(Base):
    """A theme that was worn or suspended; of those that are active there is one at most."""

    __tablename__ = "theme_record"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]


class ThemeFault(Base):
    """A failure of a theme since it was last activated: one row per distinct one, counted."""

    __tablename__ = "theme_fault"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(40))
    template: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    message: Mapped[str] = mapped_column(Text)
    traceback: Mapped[str] = mapped_column(Text, default="")
    count: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    __table_args__ = (Index(None, "slug", "last_at"),)
