"""A second factor at sign-in: its seed, its recovery codes, and how far a browser has come in."""

import sqlalchemy as sa
from alembic import op

from deskcore.db import BigId, UTCDateTime

revision = "core_0008"
down_revision = "core_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; browsers that are signed in stay so."""
    op.create_table(
        "second_factor",
        sa.Column("user_id", BigId, autoincrement=False, nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("since", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_second_factor_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", BigId, nullable=False),
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_recovery_code_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("user_id", "digest", name=op.f("uq_recovery_code_user_id_digest")),
    )
    with op.batch_alter_table("user_session") as table:
        table.add_column(sa.Column("awaits", sa.String(10), nullable=False, server_default=""))
        table.add_column(sa.Column("wrong_codes", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("seed", sa.LargeBinary(), nullable=False, server_default=""))
        table.add_column(sa.Column("confirmed_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    """Remove them; who had a second factor signs in with the password alone again."""
    # A browser that waits for a code must not become one that is signed in.
    op.execute("UPDATE user_session SET ended_at = created_at WHERE awaits <> ''")
    with op.batch_alter_table("user_session") as table:
        for name in ("confirmed_at", "seed", "wrong_codes", "awaits"):
            table.drop_column(name)
    op.drop_table("recovery_code")
    op.drop_table("second_factor")
