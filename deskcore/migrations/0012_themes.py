"""Themes: which one the desk wears, and what failed in them."""

import sqlalchemy as sa
from alembic import op

from deskcore.db import BigId, UTCDateTime

revision = "core_0012"
down_revision = "core_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the two tables; without a row the desk wears the theme it comes with."""
    op.create_table(
        "theme_record",
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_theme_record")),
    )
    op.create_table(
        "theme_fault",
        sa.Column("id", BigId, nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("template", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("traceback", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", UTCDateTime(), nullable=False),
        sa.Column("last_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_fault")),
        sa.UniqueConstraint("digest", name=op.f("uq_theme_fault_digest")),
    )
    op.create_index(
        op.f("ix_theme_fault_slug_last_at"), "theme_fault", ["slug", "last_at"], unique=False
    )


def downgrade() -> None:
    """Drop both; the desk wears the theme it comes with."""
    op.drop_table("theme_fault")
    op.drop_table("theme_record")
