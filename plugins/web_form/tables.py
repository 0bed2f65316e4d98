"""The tables of the plugin: forms, their fields, files kept after an error, and what was sent."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
)

from deskcore.api.data import NAMING, BigId, UTCDateTime

METADATA = MetaData(naming_convention=NAMING)

# ``texts`` are by name, then by language. Mailbox 0 is the first one, team 0 is none. ``version``
# grows with each change, so that two people who change one at once are told.
FORMS = Table(
    "plg_web_form_form",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("slug", String(40), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("is_first", Boolean, nullable=False),
    Column("mailbox_id", BigId, nullable=False),
    Column("team_id", BigId, nullable=False),
    Column("tags", JSON, nullable=False),
    Column("languages", JSON, nullable=False),
    Column("texts", JSON, nullable=False),
    Column("sites", JSON, nullable=False),
    Column("version", Integer, nullable=False),
    Column("changed_at", UTCDateTime(), nullable=False),
    Column("changed_by", String(320), nullable=False),
)

# ``choices`` are texts by language, each. It is shown when the field ``when_key`` holds
# ``when_value``; always when that is empty.
FIELDS = Table(
    "plg_web_form_field",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column(
        "form_id", BigId, ForeignKey("plg_web_form_form.id", ondelete="CASCADE"), nullable=False
    ),
    Column("key", String(40), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("position", Integer, nullable=False),
    Column("is_required", Boolean, nullable=False),
    Column("texts", JSON, nullable=False),
    Column("choices", JSON, nullable=False),
    Column("accepts", String(10), nullable=False),
    Column("when_key", String(40), nullable=False),
    Column("when_value", String(120), nullable=False),
    Index("uq_plg_web_form_field_form_id_key", "form_id", "key", unique=True),
)

# Files of somebody who has to mend something else: for an hour, by the key of their page.
KEPT = Table(
    "plg_web_form_kept",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("page_key", String(64), nullable=False),
    Column("field", String(40), nullable=False),
    Column("filename", String(255), nullable=False),
    Column("size", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("at", UTCDateTime(), nullable=False),
    Index("ix_plg_web_form_kept_page_key", "page_key"),
    Index("ix_plg_web_form_kept_at", "at"),
    Index("ix_plg_web_form_kept_digest", "digest"),
)

# What was sent: one row for each page that became a ticket.
SENT = Table(
    "plg_web_form_sent",
    METADATA,
    Column("page_key", String(64), primary_key=True),
    Column("form_id", BigId, nullable=False),
    Column("number", BigId, nullable=False),
    Column("email", String(320), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("answered", JSON, nullable=False),
    Column("at", UTCDateTime(), nullable=False),
    Index("ix_plg_web_form_sent_form_id", "form_id"),
    Index("ix_plg_web_form_sent_email", "email"),
)
