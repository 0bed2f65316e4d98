"""Tickets, their fields, tags, counts and readers."""

import sqlalchemy as sa
from alembic import op

from deskcore.db import BigId, UTCDateTime

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "status",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_builtin", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status")),
        sa.UniqueConstraint("key", name=op.f("uq_status_key")),
    )
    op.create_table(
        "tag",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag")),
        sa.UniqueConstraint("key", name=op.f("uq_tag_key")),
    )
    op.create_table(
        "ticket_count",
        sa.Column("id", BigId, nullable=False),
        sa.Column("mailbox_id", BigId, nullable=False),
        sa.Column("bucket", sa.String(length=20), nullable=False),
        sa.Column("assignee_id", BigId, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_count")),
    )
    op.create_index(
        op.f("ix_ticket_count_bucket_mailbox_id_assignee_id"),
        "ticket_count",
        ["bucket", "mailbox_id", "assignee_id"],
        unique=False,
    )
    op.create_table(
        "ticket_field",
        sa.Column("id", BigId, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_field")),
        sa.UniqueConstraint("key", name=op.f("uq_ticket_field_key")),
    )
    op.create_table(
        "ticket_sequence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last_number", BigId, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_sequence")),
    )
    op.create_table(
        "ticket_field_option",
        sa.Column("id", BigId, nullable=False),
        sa.Column("field_id", BigId, nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["field_id"],
            ["ticket_field.id"],
            name=op.f("fk_ticket_field_option_field_id_ticket_field"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_field_option")),
    )
    op.create_index(
        op.f("ix_ticket_field_option_field_id"), "ticket_field_option", ["field_id"], unique=False
    )
    op.create_table(
        "ticket",
        sa.Column("id", BigId, nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("mailbox_id", BigId, nullable=False),
        sa.Column("status_id", BigId, nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("assignee_id", BigId, nullable=True),
        sa.Column("team_id", BigId, nullable=True),
        sa.Column("customer_id", BigId, nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("customer_name", sa.String(length=320), nullable=False),
        sa.Column("preview", sa.String(length=300), nullable=False),
        sa.Column("message_count", sa.Integer(), nullable=False),
        sa.Column("has_files", sa.Boolean(), nullable=False),
        sa.Column("last_direction", sa.String(length=8), nullable=False),
        sa.Column("resembles_id", BigId, nullable=True),
        sa.Column("merged_into_id", BigId, nullable=True),
        sa.Column("is_sample", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("list_at", UTCDateTime(), nullable=False),
        sa.Column("last_message_at", UTCDateTime(), nullable=True),
        sa.Column("waiting_since", UTCDateTime(), nullable=True),
        sa.Column("solved_at", UTCDateTime(), nullable=True),
        sa.Column("snoozed_until", UTCDateTime(), nullable=True),
        sa.Column("spam_at", UTCDateTime(), nullable=True),
        sa.Column("deleted_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignee_id"],
            ["user.id"],
            name=op.f("fk_ticket_assignee_id_user"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customer.id"],
            name=op.f("fk_ticket_customer_id_customer"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["mailbox_id"], ["mailbox.id"], name=op.f("fk_ticket_mailbox_id_mailbox")
        ),
        sa.ForeignKeyConstraint(
            ["merged_into_id"],
            ["ticket.id"],
            name=op.f("fk_ticket_merged_into_id_ticket"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["resembles_id"],
            ["ticket.id"],
            name=op.f("fk_ticket_resembles_id_ticket"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["status_id"], ["status.id"], name=op.f("fk_ticket_status_id_status")
        ),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_ticket_team_id_team"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket")),
        sa.UniqueConstraint("number", name=op.f("uq_ticket_number")),
    )
    op.create_index(
        "ix_ticket_assignee_list",
        "ticket",
        ["category", "assignee_id", "list_at", "id"],
        unique=False,
        sqlite_where=sa.text("spam_at IS NULL AND deleted_at IS NULL AND merged_into_id IS NULL"),
        postgresql_where=sa.text(
            "spam_at IS NULL AND deleted_at IS NULL AND merged_into_id IS NULL"
        ),
    )
    op.create_index(op.f("ix_ticket_customer_id_id"), "ticket", ["customer_id", "id"], unique=False)
    op.create_index(op.f("ix_ticket_mailbox_id_id"), "ticket", ["mailbox_id", "id"], unique=False)
    op.create_index(op.f("ix_ticket_merged_into_id"), "ticket", ["merged_into_id"], unique=False)
    op.create_index(
        "ix_ticket_open_list",
        "ticket",
        ["category", "list_at", "id"],
        unique=False,
        sqlite_where=sa.text("spam_at IS NULL AND deleted_at IS NULL AND merged_into_id IS NULL"),
        postgresql_where=sa.text(
            "spam_at IS NULL AND deleted_at IS NULL AND merged_into_id IS NULL"
        ),
    )
    op.create_index(
        "ix_ticket_spam_list",
        "ticket",
        ["spam_at", "id"],
        unique=False,
        sqlite_where=sa.text("spam_at IS NOT NULL"),
        postgresql_where=sa.text("spam_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_ticket_updated_at"), "ticket", ["updated_at"], unique=False)
    op.create_table(
        "ticket_field_value",
        sa.Column("ticket_id", BigId, nullable=False),
        sa.Column("field_id", BigId, nullable=False),
        sa.Column("text_value", sa.String(length=1000), nullable=True),
        sa.Column("number_value", sa.Numeric(precision=20, scale=6), nullable=True),
        sa.Column("date_value", sa.Date(), nullable=True),
        sa.Column("option_id", BigId, nullable=True),
        sa.ForeignKeyConstraint(
            ["field_id"],
            ["ticket_field.id"],
            name=op.f("fk_ticket_field_value_field_id_ticket_field"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["option_id"],
            ["ticket_field_option.id"],
            name=op.f("fk_ticket_field_value_option_id_ticket_field_option"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name=op.f("fk_ticket_field_value_ticket_id_ticket"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ticket_id", "field_id", name=op.f("pk_ticket_field_value")),
    )
    op.create_index(
        op.f("ix_ticket_field_value_field_id_date_value_ticket_id"),
        "ticket_field_value",
        ["field_id", "date_value", "ticket_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ticket_field_value_field_id_number_value_ticket_id"),
        "ticket_field_value",
        ["field_id", "number_value", "ticket_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ticket_field_value_field_id_option_id_ticket_id"),
        "ticket_field_value",
        ["field_id", "option_id", "ticket_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_ticket_field_value_field_id_text_value_ticket_id"),
        "ticket_field_value",
        ["field_id", "text_value", "ticket_id"],
        unique=False,
    )
    op.create_table(
        "ticket_leg",
        sa.Column("id", BigId, nullable=False),
        sa.Column("ticket_id", BigId, nullable=False),
        sa.Column("account_id", BigId, nullable=False),
        sa.Column("identity_id", BigId, nullable=True),
        sa.Column("conversation", sa.String(length=255), nullable=False),
        sa.Column("open_until", UTCDateTime(), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["channel_account.id"],
            name=op.f("fk_ticket_leg_account_id_channel_account"),
        ),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["identity.id"],
            name=op.f("fk_ticket_leg_identity_id_identity"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name=op.f("fk_ticket_leg_ticket_id_ticket"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_leg")),
    )
    op.create_index(
        op.f("ix_ticket_leg_account_id_conversation"),
        "ticket_leg",
        ["account_id", "conversation"],
        unique=False,
    )
    op.create_index(op.f("ix_ticket_leg_ticket_id"), "ticket_leg", ["ticket_id"], unique=False)
    op.create_table(
        "ticket_link",
        sa.Column("id", BigId, nullable=False),
        sa.Column("ticket_id", BigId, nullable=False),
        sa.Column("other_id", BigId, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["other_id"],
            ["ticket.id"],
            name=op.f("fk_ticket_link_other_id_ticket"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name=op.f("fk_ticket_link_ticket_id_ticket"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_link")),
        sa.UniqueConstraint(
            "ticket_id", "other_id", "kind", name=op.f("uq_ticket_link_ticket_id_other_id_kind")
        ),
    )
    op.create_index(op.f("ix_ticket_link_other_id"), "ticket_link", ["other_id"], unique=False)
    op.create_table(
        "ticket_participant",
        sa.Column("ticket_id", BigId, nullable=False),
        sa.Column("identity_id", BigId, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["identity_id"],
            ["identity.id"],
            name=op.f("fk_ticket_participant_identity_id_identity"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name=op.f("fk_ticket_participant_ticket_id_ticket"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ticket_id", "identity_id", name=op.f("pk_ticket_participant")),
    )
    op.create_index(
        op.f("ix_ticket_participant_identity_id"),
        "ticket_participant",
        ["identity_id"],
        unique=False,
    )
    op.create_table(
        "ticket_seen",
        sa.Column("user_id", BigId, nullable=False),
        sa.Column("ticket_id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name=op.f("fk_ticket_seen_ticket_id_ticket"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_ticket_seen_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "ticket_id", name=op.f("pk_ticket_seen")),
    )
    op.create_index(op.f("ix_ticket_seen_ticket_id"), "ticket_seen", ["ticket_id"], unique=False)
    op.create_table(
        "ticket_tag",
        sa.Column("ticket_id", BigId, nullable=False),
        sa.Column("tag_id", BigId, nullable=False),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tag.id"], name=op.f("fk_ticket_tag_tag_id_tag"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name=op.f("fk_ticket_tag_ticket_id_ticket"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("ticket_id", "tag_id", name=op.f("pk_ticket_tag")),
    )
    op.create_index(op.f("ix_ticket_tag_tag_id"), "ticket_tag", ["tag_id"], unique=False)


def downgrade() -> None:
    """Remove the tables."""
    op.drop_table("ticket_tag")
    op.drop_table("ticket_seen")
    op.drop_table("ticket_participant")
    op.drop_table("ticket_link")
    op.drop_table("ticket_leg")
    op.drop_table("ticket_field_value")
    op.drop_table("ticket")
    op.drop_table("ticket_field_option")
    op.drop_table("ticket_sequence")
    op.drop_table("ticket_field")
    op.drop_table("ticket_count")
    op.drop_table("tag")
    op.drop_table("status")
