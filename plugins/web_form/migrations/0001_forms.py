"""Forms, their fields, files kept after an error, and what was sent."""

import sqlalchemy as sa
from alembic import op

from deskcore.api.data import BigId, UTCDateTime

revision = "web_form_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plg_web_form_form",
        sa.Column("id", BigId, nullable=False),
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("mailbox_id", BigId, nullable=False),
        sa.Column("team_id", BigId, nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("sites", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(320), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_web_form_form"),
        sa.UniqueConstraint("slug", name="uq_plg_web_form_form_slug"),
    )
    op.create_table(
        "plg_web_form_field",
        sa.Column("id", BigId, nullable=False),
        sa.Column("form_id", BigId, nullable=False),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("accepts", sa.String(10), nullable=False),
        sa.Column("when_key", sa.String(40), nullable=False),
        sa.Column("when_value", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_web_form_field"),
        sa.ForeignKeyConstraint(
            ["form_id"],
            ["plg_web_form_form.id"],
            name="fk_plg_web_form_field_form_id_plg_web_form_form",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "uq_plg_web_form_field_form_id_key", "plg_web_form_field", ["form_id", "key"], unique=True
    )
    op.create_table(
        "plg_web_form_kept",
        sa.Column("id", BigId, nullable=False),
        sa.Column("page_key", sa.String(64), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("filename", sa.String(255), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_web_form_kept"),
    )
    op.create_index("ix_plg_web_form_kept_page_key", "plg_web_form_kept", ["page_key"])
    op.create_index("ix_plg_web_form_kept_at", "plg_web_form_kept", ["at"])
    op.create_index("ix_plg_web_form_kept_digest", "plg_web_form_kept", ["digest"])
    op.create_table(
        "plg_web_form_sent",
        sa.Column("page_key", sa.String(64), nullable=False),
        sa.Column("form_id", BigId, nullable=False),
        sa.Column("number", BigId, nullable=False),
        sa.Column("email", sa.String(320), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("answered", sa.JSON(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("page_key", name="pk_plg_web_form_sent"),
    )
    op.create_index("ix_plg_web_form_sent_form_id", "plg_web_form_sent", ["form_id"])
    op.create_index("ix_plg_web_form_sent_email", "plg_web_form_sent", ["email"])


def downgrade() -> None:
    op.drop_table("plg_web_form_sent")
    op.drop_table("plg_web_form_kept")
    op.drop_table("plg_web_form_field")
    op.drop_table("plg_web_form_form")
