"""The messages that were counted."""

import sqlalchemy as sa
from alembic import op

from deskcore.api.data import BigId

revision = "acme_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plg_acme_message",
        sa.Column("message_id", BigId, autoincrement=False, nullable=False),
        sa.Column("ticket_id", BigId, nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_plg_acme_message"),
    )
    op.create_index("ix_plg_acme_message_ticket_id", "plg_acme_message", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("plg_acme_message")
