"""The desk's own mail: deliveries without a ticket, and what they say."""

import sqlalchemy as sa
from alembic import op

from deskcore.db import BigId, UTCDateTime

revision = "core_0007"
down_revision = "core_0006"
branch_labels = None
depends_on = None

delivery = sa.table("delivery", sa.column("id"), sa.column("ticket_id"))


def upgrade() -> None:
    """Let a delivery stand alone, and make the table."""
    with op.batch_alter_table("delivery") as changed:
        changed.alter_column("message_id", existing_type=BigId, nullable=True)
        changed.alter_column("ticket_id", existing_type=BigId, nullable=True)
    op.create_table(
        "notice",
        sa.Column("id", BigId, nullable=False),
        sa.Column("delivery_id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("useful_until", UTCDateTime(), nullable=False),
        sa.Column("item_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"],
            ["delivery.id"],
            name=op.f("fk_notice_delivery_id_delivery"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["inbound_item.id"],
            name=op.f("fk_notice_item_id_inbound_item"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_notice_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_notice_delivery_id")),
    )
    op.create_index(op.f("ix_notice_item_id"), "notice", ["item_id"], unique=False)
    op.create_index(op.f("ix_notice_user_id"), "notice", ["user_id"], unique=False)


def downgrade() -> None:
    """Drop the desk's own mail; every other delivery stays."""
    op.drop_table("notice")
    alone = sa.select(delivery.c.id).where(delivery.c.ticket_id.is_(None))
    for name in ("delivery_payload", "delivery_part", "delivery_attempt"):
        of_delivery = sa.table(name, sa.column("delivery_id"))
        op.execute(sa.delete(of_delivery).where(of_delivery.c.delivery_id.in_(alone)))
    op.execute(sa.delete(delivery).where(delivery.c.ticket_id.is_(None)))
    with op.batch_alter_table("delivery") as changed:
        changed.alter_column("ticket_id", existing_type=BigId, nullable=False)
        changed.alter_column("message_id", existing_type=BigId, nullable=False)
