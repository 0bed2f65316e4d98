"""Automatic mails of the last hour, found without looking at every delivery there ever was."""

import sqlalchemy as sa
from alembic import op

revision = "core_0009"
down_revision = "core_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index(
        "ix_delivery_automatic",
        "delivery",
        ["created_at"],
        sqlite_where=sa.text("is_automatic = 1"),
        postgresql_where=sa.text("is_automatic"),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_delivery_automatic", table_name="delivery")
