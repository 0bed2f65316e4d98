"""The tables of the plugin: notes, who waits, cards of the board, tellings, what was asked for, lists.

``product`` is the key that whoever offers products knows one by. What nobody sells is written down
as it was asked for, with ``UNKNOWN`` before it.
"""

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
    text,
)

from deskcore.api.data import NAMING, BigId, UTCDateTime

METADATA = MetaData(naming_convention=NAMING)

UNKNOWN = "?"
LONGEST_KEY = 200
LONGEST_NAME = 320
_OPEN = text("state IN ('waiting', 'failed')")

# What colleagues know of a product at a place, with its day; never changed, only taken away.
NOTES = Table(
    "plg_stock_notes_note",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("product", String(LONGEST_KEY), nullable=False, index=True),
    Column("place", String(120), nullable=False),
    Column("body", Text, nullable=False),
    Column("by_id", BigId, nullable=False),
    Column("by_name", String(LONGEST_NAME), nullable=False),
    Column("at", UTCDateTime(), nullable=False),
)

# A customer who waits for a product, once; ``run_id`` is the telling that they belong to. ``state``:
# waiting, failed (could not be told, ``reason`` says why; still waits), told, withdrawn, refused.
WAITS = Table(
    "plg_stock_notes_wait",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("customer_id", BigId, nullable=False, index=True),
    Column("product", String(LONGEST_KEY), nullable=False),
    Column("place", String(120), nullable=False),
    Column("amount", Integer, nullable=False),
    Column("until", Date, nullable=True),
    Column("language", String(8), nullable=False),
    Column("ticket_id", BigId, nullable=False, index=True),
    Column("state", String(20), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("run_id", BigId, nullable=True),
    Column("at", UTCDateTime(), nullable=False),
    Column("by_name", String(LONGEST_NAME), nullable=False),
    Column("ended_at", UTCDateTime(), nullable=True),
    Index(None, "product", "state"),
    Index(None, "run_id", "state"),
    Index(
        "uq_plg_stock_notes_wait_open",
        "customer_id",
        "product",
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    ),
)

# Customers who do not want to be told; kept until they say otherwise.
REFUSALS = Table(
    "plg_stock_notes_refusal",
    METADATA,
    Column("customer_id", BigId, primary_key=True, autoincrement=False),
    Column("at", UTCDateTime(), nullable=False),
    Column("by_name", String(LONGEST_NAME), nullable=False),
)

# What the shop gets in again. ``version`` grows with each change, so that two who move one are told.
CARDS = Table(
    "plg_stock_notes_card",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("product", String(LONGEST_KEY), nullable=False, unique=True),
    Column("lane", String(20), nullable=False),
    Column("expected", Date, nullable=True),
    Column("version", Integer, nullable=False),
    Column("moved_at", UTCDateTime(), nullable=False),
    Column("moved_by", String(LONGEST_NAME), nullable=False),
)

# One press of "Tell": ``texts`` by language, ``state`` going, stopped, held (somebody has to look), done.
RUNS = Table(
    "plg_stock_notes_run",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("product", String(LONGEST_KEY), nullable=False, index=True),
    Column("texts", JSON, nullable=False),
    Column("total", Integer, nullable=False),
    Column("by_id", BigId, nullable=False),
    Column("by_name", String(LONGEST_NAME), nullable=False),
    Column("at", UTCDateTime(), nullable=False),
    Column("state", String(20), nullable=False),
    Column("reason", String(500), nullable=False),
    Column("ended_at", UTCDateTime(), nullable=True),
)

# Which tickets ask for which product, and whether there was none of it then.
ASKS = Table(
    "plg_stock_notes_ask",
    METADATA,
    Column("ticket_id", BigId, primary_key=True, autoincrement=False),
    Column("product", String(LONGEST_KEY), primary_key=True),
    Column("customer_id", BigId, nullable=True, index=True),
    Column("was_missing", Boolean, nullable=False),
    Column("at", UTCDateTime(), nullable=False),
    Index(None, "product"),
)

# Lists that are gone through on the days of the week in ``days``: "12345" is Monday to Friday.
LISTS = Table(
    "plg_stock_notes_list",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("place", String(120), nullable=False),
    Column("days", String(7), nullable=False),
    Column("version", Integer, nullable=False),
)

# ``since`` and ``gone_on`` say on which days it belonged to the list, the second not among them.
ITEMS = Table(
    "plg_stock_notes_item",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column(
        "list_id",
        BigId,
        ForeignKey("plg_stock_notes_list.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("position", Integer, nullable=False),
    Column("words", String(200), nullable=False),
    Column("since", Date, nullable=False),
    Column("gone_on", Date, nullable=True),
)

TICKS = Table(
    "plg_stock_notes_tick",
    METADATA,
    Column(
        "item_id",
        BigId,
        ForeignKey("plg_stock_notes_item.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("day", Date, primary_key=True),
    Column("by_id", BigId, nullable=False),
    Column("by_name", String(LONGEST_NAME), nullable=False),
    Column("at", UTCDateTime(), nullable=False),
)
