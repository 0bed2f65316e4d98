"""Files that plugins keep."""

import sqlalchemy as sa
from alembic import op

revision = "core_0016"
down_revision = "core_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "plugin_file",
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest"], ["blob.digest"], name=op.f("fk_plugin_file_digest_blob")
        ),
        sa.PrimaryKeyConstraint("slug", "digest", name=op.f("pk_plugin_file")),
    )
    op.create_index(op.f("ix_plugin_file_digest"), "plugin_file", ["digest"])


def downgrade() -> None:
    """Drop it; the sweep removes the files."""
    op.drop_table("plugin_file")
