"""The tables of the plugin: offers, their texts, what became of each chance to make one, opt-outs."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from deskcore.api.data import NAMING, BigId, UTCDateTime

METADATA = MetaData(naming_convention=NAMING)

# ``what`` says what is offered: a product by its key, or what fits of a category or tag; ``value`` is
# that key, category or tag. ``fits`` holds keys of products it is offered with, none for what the
# catalogue says. A season is month * 100 + day, 0 for none.
OFFERS = Table(
    "plg_cross_sell_offer",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("what", String(12), nullable=False),
    Column("value", String(120), nullable=False),
    Column("fits", JSON, nullable=False),
    Column("customer_tag", String(60), nullable=False),
    Column("season_from", Integer, nullable=False),
    Column("season_to", Integer, nullable=False),
    Column("starts_on", Date, nullable=True),
    Column("ends_on", Date, nullable=True),
    Column("stock_needed", Integer, nullable=False),
    Column("code", String(60), nullable=False),
    Column("url", String(2000), nullable=False),
    Column("is_on", Boolean, nullable=False),
    Column("made_at", UTCDateTime(), nullable=False),
    Column("made_by", String(320), nullable=False),
    Column("changed_at", UTCDateTime(), nullable=False),
    Column("changed_by", String(320), nullable=False),
    Column("version", Integer, nullable=False),
)

TEXTS = Table(
    "plg_cross_sell_text",
    METADATA,
    Column(
        "offer_id",
        BigId,
        ForeignKey("plg_cross_sell_offer.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("language", String(8), primary_key=True),
    Column("body", Text, nullable=False),
    Column("terms", Text, nullable=False),
)

# One offer in one ticket: ``is_control`` when its customer is shown none, to compare with. Each
# moment is that of the first time. Without ``shown_at`` it was taken without having been shown.
CHANCES = Table(
    "plg_cross_sell_chance",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column(
        "offer_id", BigId, ForeignKey("plg_cross_sell_offer.id", ondelete="CASCADE"), nullable=False
    ),
    Column("product", String(120), nullable=False),
    Column("ticket_id", BigId, nullable=False),
    Column("ticket_number", BigId, nullable=False),
    Column("customer_id", BigId, nullable=False),
    Column("is_control", Boolean, nullable=False),
    Column("token", String(32), nullable=False, unique=True),
    Column("shown_at", UTCDateTime(), nullable=True),
    Column("inserted_at", UTCDateTime(), nullable=True),
    Column("inserted_by", String(320), nullable=False),
    Column("sent_at", UTCDateTime(), nullable=True),
    Column("dismissed_at", UTCDateTime(), nullable=True),
    Column("dismissed_by", String(320), nullable=False),
    Column("dismissed_for", String(20), nullable=False),
    Column("clicked_at", UTCDateTime(), nullable=True),
    Column("taken_at", UTCDateTime(), nullable=True),
    Column("taken_by", String(320), nullable=False),
    Column("taken_how", String(8), nullable=False),
    UniqueConstraint("offer_id", "ticket_id"),
    Index(None, "customer_id", "offer_id"),
    Index(None, "ticket_id"),
)

# Codes that somebody handed in without telling who they are.
HANDED_IN = Table(
    "plg_cross_sell_handed_in",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column(
        "offer_id", BigId, ForeignKey("plg_cross_sell_offer.id", ondelete="CASCADE"), nullable=False
    ),
    Column("amount", Integer, nullable=False),
    Column("at", UTCDateTime(), nullable=False),
    Column("by_name", String(320), nullable=False),
    Index(None, "offer_id"),
)

OPT_OUTS = Table(
    "plg_cross_sell_opt_out",
    METADATA,
    Column("customer_id", BigId, primary_key=True, autoincrement=False),
    Column("at", UTCDateTime(), nullable=False),
    Column("by_name", String(320), nullable=False),
)

# The key by which links are signed and customers are chosen for the control share; made with the table.
SECRET = Table(
    "plg_cross_sell_secret",
    METADATA,
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("key", String(64), nullable=False),
)
