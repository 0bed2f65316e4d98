"""The looks of the desk: published revisions, and the draft that owners work on."""

import sqlalchemy as sa
from alembic import op

from deskcore.db import BigId, UTCDateTime

revision = "core_0015"
down_revision = "core_0014"
branch_labels = None
depends_on = None

draft = sa.table(
    "look_draft",
    *(sa.column(name) for name in ("id", "version", "content", "logo", "by_name")),
)


def upgrade() -> None:
    """Make the tables, and the one row of the draft."""
    op.create_table(
        "look_revision",
        sa.Column("id", BigId, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("logo", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=320), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_revision")),
    )
    op.create_index(op.f("ix_look_revision_logo"), "look_revision", ["logo"])
    op.create_table(
        "look_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("logo", sa.String(length=64), nullable=False),
        sa.Column("by_name", sa.String(length=320), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look_draft")),
    )
    op.bulk_insert(draft, [{"id": 1, "version": 1, "content": "", "logo": "", "by_name": ""}])


def downgrade() -> None:
    """Drop them; the desk looks as it came."""
    op.drop_table("look_draft")
    op.drop_table("look_revision")
    op.execute("DELETE FROM desk_setting WHERE key = 'desk.look'")
