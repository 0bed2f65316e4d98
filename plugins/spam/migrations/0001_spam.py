"""Tokens, lessons and bans."""

import sqlalchemy as sa
from alembic import op

from deskcore.api.data import BigId, UTCDateTime

revision = "spam_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plg_spam_token",
        sa.Column("digest", BigId, autoincrement=False, nullable=False),
        sa.Column("spam", sa.Integer(), nullable=False),
        sa.Column("ham", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_plg_spam_token"),
    )
    op.create_table(
        "plg_spam_lesson",
        sa.Column("number", BigId, autoincrement=False, nullable=False),
        sa.Column("is_spam", sa.Boolean(), nullable=False),
        sa.Column("digests", sa.LargeBinary(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_plg_spam_lesson"),
    )
    op.create_index(
        "ix_plg_spam_lesson_is_spam_at_number", "plg_spam_lesson", ["is_spam", "at", "number"]
    )
    op.create_table(
        "plg_spam_ban",
        sa.Column("id", BigId, nullable=False),
        sa.Column("who", sa.String(320), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("by_name", sa.String(320), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_spam_ban"),
        sa.UniqueConstraint("who", name="uq_plg_spam_ban_who"),
    )


def downgrade() -> None:
    op.drop_table("plg_spam_ban")
    op.drop_table("plg_spam_lesson")
    op.drop_table("plg_spam_token")
