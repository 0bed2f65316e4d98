"""Proposed answers, one for each entry."""

import sqlalchemy as sa
from alembic import op

from deskcore.api.data import BigId

revision = "guest_book_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plg_guest_book_proposed",
        sa.Column("ticket_id", BigId, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_plg_guest_book_proposed"),
    )


def downgrade() -> None:
    op.drop_table("plg_guest_book_proposed")
