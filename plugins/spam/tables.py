"""The tables of the plugin: what tokens were seen in, the lessons behind that, and bans.

Tokens are kept as digests: nothing a customer wrote can be read off them.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table

from deskcore.api.data import NAMING, BigId, UTCDateTime

METADATA = MetaData(naming_convention=NAMING)

# In how many lessons of each sort a token was; the row TOTALS counts the lessons themselves.
TOKENS = Table(
    "plg_spam_token",
    METADATA,
    Column("digest", BigId, primary_key=True, autoincrement=False),
    Column("spam", Integer, nullable=False),
    Column("ham", Integer, nullable=False),
)
TOTALS = 0

# One ticket that was learned; ``digests`` are its tokens, eight bytes each, so it can be unlearned.
LESSONS = Table(
    "plg_spam_lesson",
    METADATA,
    Column("number", BigId, primary_key=True, autoincrement=False),
    Column("is_spam", Boolean, nullable=False),
    Column("digests", LargeBinary, nullable=False),
    Column("at", UTCDateTime(), nullable=False),
    Index(None, "is_spam", "at", "number"),
)

# ``who`` is an address or a domain, in canonical form.
BANS = Table(
    "plg_spam_ban",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("who", String(320), nullable=False, unique=True),
    Column("reason", String(300), nullable=False),
    Column("by_name", String(320), nullable=False),
    Column("at", UTCDateTime(), nullable=False),
)
