"""Keys to the public side, and the desk's own mail to customers."""

import sqlalchemy as sa
from alembic import op

from deskcore.db import BigId, UTCDateTime

revision = "core_0014"
down_revision = "core_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table; let a mail of the desk's own go to somebody who does not work here."""
    op.create_table(
        "public_link",
        sa.Column("id", BigId, nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("identity_id", BigId, nullable=False),
        sa.Column("ticket_id", BigId, nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["identity.id"],
            name=op.f("fk_public_link_identity_id_identity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name=op.f("fk_public_link_ticket_id_ticket"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_public_link")),
        sa.UniqueConstraint("digest", name=op.f("uq_public_link_digest")),
    )
    op.create_index(op.f("ix_public_link_identity_id"), "public_link", ["identity_id"])
    op.create_index(op.f("ix_public_link_ticket_id"), "public_link", ["ticket_id"])
    with op.batch_alter_table("notice") as table:
        table.alter_column("user_id", existing_type=BigId, nullable=True)


def downgrade() -> None:
    """Drop them; what was mailed to customers goes with its deliveries."""
    notice = sa.table("notice", sa.column("user_id", BigId))
    op.get_bind().execute(sa.delete(notice).where(notice.c.user_id.is_(None)))
    with op.batch_alter_table("notice") as table:
        table.alter_column("user_id", existing_type=BigId, nullable=False)
    op.drop_table("public_link")
