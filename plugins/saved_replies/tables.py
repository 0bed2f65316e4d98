"""The tables of the plugin: replies, their texts by language, and the teams they are for."""

from __future__ import annotations

from sqlalchemy import JSON, Column, ForeignKey, Integer, MetaData, String, Table, Text

from deskcore.api.data import NAMING, BigId, UTCDateTime

METADATA = MetaData(naming_convention=NAMING)

# ``status`` is the key of the status after sending, "" for the usual one. ``version`` grows with
# each change, so that two people who change one at once are told.
REPLIES = Table(
    "plg_saved_replies_reply",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("tags", JSON, nullable=False),
    Column("status", String(40), nullable=False),
    Column("uses", Integer, nullable=False),
    Column("used_at", UTCDateTime(), nullable=True),
    Column("changed_at", UTCDateTime(), nullable=False),
    Column("changed_by", String(320), nullable=False),
    Column("version", Integer, nullable=False),
)

TEXTS = Table(
    "plg_saved_replies_text",
    METADATA,
    Column(
        "reply_id",
        BigId,
        ForeignKey("plg_saved_replies_reply.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("language", String(8), primary_key=True),
    Column("body", Text, nullable=False),
)

# Without a row here everybody who answers may use it.
TEAMS = Table(
    "plg_saved_replies_team",
    METADATA,
    Column(
        "reply_id",
        BigId,
        ForeignKey("plg_saved_replies_reply.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("team_id", BigId, primary_key=True, autoincrement=False),
)
