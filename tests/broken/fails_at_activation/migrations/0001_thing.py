"""One table."""

import sqlalchemy as sa
from alembic import op

revision = "fails_at_activation_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make it."""
    op.create_table("plg_fails_at_activation_thing", sa.Column("id", sa.Integer, primary_key=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_table("plg_fails_at_activation_thing")
