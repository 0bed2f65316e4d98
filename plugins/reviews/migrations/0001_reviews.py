"""Reviews, what they said before, answers, templates, who was asked for one."""

import sqlalchemy as sa
from alembic import op

from deskcore.api.data import BigId, UTCDateTime

revision = "reviews_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plg_reviews_asked",
        sa.Column("id", BigId, nullable=False),
        sa.Column("ticket_id", BigId, nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("draw", sa.Integer(), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.UniqueConstraint("ticket_id", name="uq_plg_reviews_asked_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plg_reviews_asked"),
    )
    op.create_index("ix_plg_reviews_asked_customer", "plg_reviews_asked", ["customer_id", "at"])
    op.create_table(
        "plg_reviews_opted_out",
        sa.Column("customer_id", BigId, autoincrement=False, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by_name", sa.String(320), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_plg_reviews_opted_out"),
    )
    op.create_table(
        "plg_reviews_review",
        sa.Column("id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("external_id", sa.String(200), nullable=False),
        sa.Column("ticket_id", BigId, nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.Column("mailbox_id", BigId, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(300), nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("customer_id", BigId, nullable=True),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("product", sa.String(300), nullable=False),
        sa.Column("product_url", sa.String(1000), nullable=False),
        sa.Column("link", sa.String(1000), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("digest", sa.String(16), nullable=False),
        sa.Column("written_at", UTCDateTime(), nullable=True),
        sa.Column("arrived_at", UTCDateTime(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=True),
        sa.Column("waits_since", UTCDateTime(), nullable=True),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("took_s", sa.Integer(), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("follow_up", BigId, nullable=True),
        sa.UniqueConstraint("ticket_id", name="uq_plg_reviews_review_ticket_id"),
        sa.UniqueConstraint(
            "account_id", "external_id", name="uq_plg_reviews_review_account_id_external_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plg_reviews_review"),
    )
    op.create_index("ix_plg_reviews_review_customer", "plg_reviews_review", ["customer_id"])
    op.create_index("ix_plg_reviews_review_email", "plg_reviews_review", ["email"])
    op.create_index(
        "ix_plg_reviews_review_list", "plg_reviews_review", ["mailbox_id", "state", "arrived_at"]
    )
    op.create_index("ix_plg_reviews_review_waits", "plg_reviews_review", ["state", "waits_since"])
    op.create_table(
        "plg_reviews_template",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_reviews_template"),
    )
    op.create_table(
        "plg_reviews_answer",
        sa.Column("review_id", BigId, autoincrement=False, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("writers", sa.JSON(), nullable=False),
        sa.Column("by_name", sa.String(320), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("digest", sa.String(16), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("comment_by", sa.String(320), nullable=False),
        sa.Column("approved", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.String(320), nullable=False),
        sa.Column("published", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("review_id", name="pk_plg_reviews_answer"),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["plg_reviews_review.id"],
            name="fk_plg_reviews_answer_review_id_plg_reviews_review",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "plg_reviews_version",
        sa.Column("id", BigId, nullable=False),
        sa.Column("review_id", BigId, nullable=False),
        sa.Column("until", UTCDateTime(), nullable=False),
        sa.Column("tenths", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_reviews_version"),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["plg_reviews_review.id"],
            name="fk_plg_reviews_version_review_id_plg_reviews_review",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_plg_reviews_version_review_id", "plg_reviews_version", ["review_id"])


def downgrade() -> None:
    op.drop_table("plg_reviews_version")
    op.drop_table("plg_reviews_answer")
    op.drop_table("plg_reviews_template")
    op.drop_table("plg_reviews_review")
    op.drop_table("plg_reviews_opted_out")
    op.drop_table("plg_reviews_asked")
