"""Shelves, who waits for what, and which tickets ask for it."""

import sqlalchemy as sa
from alembic import op

from deskcore.api.data import BigId

revision = "tea_shop_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plg_tea_shop_shelf",
        sa.Column("tea", sa.String(80), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tea", name="pk_plg_tea_shop_shelf"),
    )
    op.create_table(
        "plg_tea_shop_wish",
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("tea", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "tea", name="pk_plg_tea_shop_wish"),
    )
    op.create_table(
        "plg_tea_shop_asked",
        sa.Column("ticket_id", BigId, nullable=False),
        sa.Column("tea", sa.String(80), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "tea", name="pk_plg_tea_shop_asked"),
    )


def downgrade() -> None:
    op.drop_table("plg_tea_shop_asked")
    op.drop_table("plg_tea_shop_wish")
    op.drop_table("plg_tea_shop_shelf")
