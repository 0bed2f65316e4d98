"""The tables of the plugin: reviews and what they said before, answers, templates, who was asked."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
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
REVIEW_ID = "plg_reviews_review.id"

# ``tenths`` are stars in tenths, none when nobody gave any. ``state`` follows the ticket's status.
# ``waits_since`` is when approval was asked for, ``answered_at`` when the first answer was
# published, ``took_s`` how many seconds after the review came.
REVIEWS = Table(
    "plg_reviews_review",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("account_id", BigId, nullable=False),
    Column("external_id", String(200), nullable=False),
    Column("ticket_id", BigId, nullable=False, unique=True),
    Column("number", BigId, nullable=False),
    Column("mailbox_id", BigId, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("state", String(20), nullable=False),
    Column("tenths", Integer, nullable=True),
    Column("author", String(300), nullable=False),
    Column("email", String(320), nullable=False),
    Column("customer_id", BigId, nullable=True),
    Column("title", String(300), nullable=False),
    Column("text", Text, nullable=False),
    Column("product", String(300), nullable=False),
    Column("product_url", String(1000), nullable=False),
    Column("link", String(1000), nullable=False),
    Column("language", String(8), nullable=False),
    Column("digest", String(16), nullable=False),
    Column("written_at", UTCDateTime(), nullable=True),
    Column("arrived_at", UTCDateTime(), nullable=False),
    Column("changed_at", UTCDateTime(), nullable=True),
    Column("waits_since", UTCDateTime(), nullable=True),
    Column("answered_at", UTCDateTime(), nullable=True),
    Column("took_s", Integer, nullable=True),
    Column("refusal", Text, nullable=False),
    Column("follow_up", BigId, nullable=True),
    UniqueConstraint("account_id", "external_id"),
    Index("ix_plg_reviews_review_list", "mailbox_id", "state", "arrived_at"),
    Index("ix_plg_reviews_review_email", "email"),
    Index("ix_plg_reviews_review_customer", "customer_id"),
    Index("ix_plg_reviews_review_waits", "state", "waits_since"),
)

# What a review said before its author changed it, oldest first.
VERSIONS = Table(
    "plg_reviews_version",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column(
        "review_id", BigId, ForeignKey(REVIEW_ID, ondelete="CASCADE"), nullable=False, index=True
    ),
    Column("until", UTCDateTime(), nullable=False),
    Column("tenths", Integer, nullable=True),
    Column("title", String(300), nullable=False),
    Column("text", Text, nullable=False),
)

# ``writers`` are the ids of all who had a hand in the words since somebody approved some.
# ``digest`` is that of the review the words were written for; ``version`` grows with each change.
ANSWERS = Table(
    "plg_reviews_answer",
    METADATA,
    Column(
        "review_id",
        BigId,
        ForeignKey(REVIEW_ID, ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("words", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("writers", JSON, nullable=False),
    Column("by_name", String(320), nullable=False),
    Column("at", UTCDateTime(), nullable=False),
    Column("digest", String(16), nullable=False),
    Column("comment", Text, nullable=False),
    Column("comment_by", String(320), nullable=False),
    Column("approved", Text, nullable=False),
    Column("approved_by", String(320), nullable=False),
    Column("published", Text, nullable=False),
)

TEMPLATES = Table(
    "plg_reviews_template",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("least", Integer, nullable=False),
    Column("most", Integer, nullable=False),
    Column("language", String(8), nullable=False),
    Column("words", Text, nullable=False),
    Column("version", Integer, nullable=False),
)

# Every solved ticket that came into question, with what was drawn and what became of it.
ASKED = Table(
    "plg_reviews_asked",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("ticket_id", BigId, nullable=False, unique=True),
    Column("number", BigId, nullable=False),
    Column("customer_id", BigId, nullable=False),
    Column("address", String(320), nullable=False),
    Column("at", UTCDateTime(), nullable=False),
    Column("draw", Integer, nullable=False),
    Column("share", Integer, nullable=False),
    Column("outcome", String(20), nullable=False),
    Index("ix_plg_reviews_asked_customer", "customer_id", "at"),
)

OPTED_OUT = Table(
    "plg_reviews_opted_out",
    METADATA,
    Column("customer_id", BigId, primary_key=True, autoincrement=False),
    Column("at", UTCDateTime(), nullable=False),
    Column("by_name", String(320), nullable=False),
)
