"""Replies, their texts and teams."""

import sqlalchemy as sa
from alembic import op

from deskcore.api.data import BigId, UTCDateTime

revision = "saved_replies_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plg_saved_replies_reply",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(40), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(320), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_saved_replies_reply"),
    )
    op.create_table(
        "plg_saved_replies_text",
        sa.Column("reply_id", BigId, autoincrement=False, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("reply_id", "language", name="pk_plg_saved_replies_text"),
        sa.ForeignKeyConstraint(
            ["reply_id"],
            ["plg_saved_replies_reply.id"],
            name="fk_plg_saved_replies_text_reply_id_plg_saved_replies_reply",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "plg_saved_replies_team",
        sa.Column("reply_id", BigId, autoincrement=False, nullable=False),
        sa.Column("team_id", BigId, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("reply_id", "team_id", name="pk_plg_saved_replies_team"),
        sa.ForeignKeyConstraint(
            ["reply_id"],
            ["plg_saved_replies_reply.id"],
            name="fk_plg_saved_replies_team_reply_id_plg_saved_replies_reply",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    op.drop_table("plg_saved_replies_team")
    op.drop_table("plg_saved_replies_text")
    op.drop_table("plg_saved_replies_reply")
