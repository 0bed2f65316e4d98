"""What search looks through: one row per message and one header row per ticket.

The index itself differs by database and is made in the migration: an FTS5 table ``search_index``
whose rowid is the document's id on SQLite, a ``tsvector`` column ``terms`` on PostgreSQL.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from deskcore.db import Base, BigId


class SearchDocument(Base):
    """One searchable thing of a ticket; ``message_id`` is empty for the ticket's header row."""

    __tablename__ = "search_document"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    audience: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime]
    __table_args__ = (Index(None, "ticket_id"), Index(None, "message_id"))
