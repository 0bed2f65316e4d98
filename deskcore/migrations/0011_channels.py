"""Channels beyond mail: addresses for webhooks, changes to messages, files that are fetched later."""

import secrets

import sqlalchemy as sa
from alembic import op

from deskcore.db import BigId, UTCDateTime

revision = "core_0011"
down_revision = "core_0010"
branch_labels = None
depends_on = None

account = sa.table("channel_account", sa.column("id", BigId), sa.column("hook_key", sa.String))


def upgrade() -> None:
    """Make the columns and tables; every account that is here gets an address of its own."""
    with op.batch_alter_table("channel_account") as table:
        table.add_column(sa.Column("hook_key", sa.String(length=43), nullable=True))
        table.add_column(
            sa.Column("refused_count", sa.Integer(), nullable=False, server_default="0")
        )
        table.add_column(sa.Column("refused_at", UTCDateTime(), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(account.c.id)).all():
        change = sa.update(account).where(account.c.id == row.id)
        connection.execute(change.values(hook_key=secrets.token_urlsafe(16)))
    with op.batch_alter_table("channel_account") as table:
        table.alter_column("hook_key", existing_type=sa.String(length=43), nullable=False)
        table.create_unique_constraint(op.f("uq_channel_account_hook_key"), ["hook_key"])
    with op.batch_alter_table("message") as table:
        table.add_column(sa.Column("changed_at", UTCDateTime(), nullable=True))
        table.add_column(
            sa.Column("awaited_files", sa.Integer(), nullable=False, server_default="0")
        )
    op.create_table(
        "message_change",
        sa.Column("id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("item_id", BigId, nullable=True),
        sa.Column("message_id", BigId, nullable=True),
        sa.Column("target", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("author_name", sa.String(length=320), nullable=False),
        sa.Column("author_address", sa.String(length=320), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["channel_account.id"],
            name=op.f("fk_message_change_account_id_channel_account"),
        ),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["inbound_item.id"],
            name=op.f("fk_message_change_item_id_inbound_item"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_message_change_message_id_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_change")),
    )
    op.create_index(op.f("ix_message_change_message_id"), "message_change", ["message_id"])
    op.create_index(op.f("ix_message_change_item_id"), "message_change", ["item_id"])
    op.create_index(
        op.f("ix_message_change_account_id_target"), "message_change", ["account_id", "target"]
    )
    op.create_table(
        "awaited_file",
        sa.Column("id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("content_type", sa.String(length=120), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("given_up_at", UTCDateTime(), nullable=True),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["channel_account.id"],
            name=op.f("fk_awaited_file_account_id_channel_account"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_awaited_file_message_id_message"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_awaited_file")),
    )
    op.create_index(op.f("ix_awaited_file_message_id"), "awaited_file", ["message_id"])


def downgrade() -> None:
    """Drop them; messages stay as they were last changed."""
    op.drop_table("awaited_file")
    op.drop_table("message_change")
    with op.batch_alter_table("message") as table:
        table.drop_column("awaited_files")
        table.drop_column("changed_at")
    with op.batch_alter_table("channel_account") as table:
        table.drop_constraint(op.f("uq_channel_account_hook_key"), type_="unique")
        table.drop_column("refused_at")
        table.drop_column("refused_count")
        table.drop_column("hook_key")
