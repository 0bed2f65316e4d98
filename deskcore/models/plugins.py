"""What the desk knows of its plugins: their state, settings and failures."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from deskcore.db import Base, BigId


class PluginRecord(Base):
    """One plugin the desk has met, and why it is in the state it is in."""

    __tablename__ = "plugin_record"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    version: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]


class PluginSetting(Base):
    """One value of one plugin as JSON; secrets are encrypted instead."""

    __tablename__ = "plugin_setting"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text, default="")
    secret: Mapped[bytes] = mapped_column(LargeBinary, default=b"")


class PluginFault(Base):
    """A failure of a plugin: one row per distinct one, counted, with its first traceback."""

    __tablename__ = "plugin_fault"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(40))
    place: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    message: Mapped[str] = mapped_column(Text)
    traceback: Mapped[str] = mapped_column(Text, default="")
    count: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    __table_args__ = (Index(None, "slug", "last_at"),)


class PluginFile(Base):
    """A file that a plugin keeps, under its digest; without a row here the sweep removes it."""

    __tablename__ = "plugin_file"

    slug: Mapped[str] = mapped_column(String(40), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("blob.digest"), primary_key=True)
    __table_args__ = (Index(None, "digest"),)


class PluginSet(Base):
    """One row: the generation of the set of active plugins; bumped with every change of it."""

    __tablename__ = "plugin_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    generation: Mapped[int] = mapped_column(default=1)
