"""Search documents, and the index that this database offers for them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from deskcore.db import BigId, UTCDateTime

revision = "core_0005"
down_revision = "core_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and its full-text index."""
    op.create_table(
        "search_document",
        sa.Column("id", BigId, nullable=False),
        sa.Column("ticket_id", BigId, nullable=False),
        sa.Column("message_id", BigId, nullable=True),
        sa.Column("audience", sa.String(length=20), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["message.id"],
            name=op.f("fk_search_document_message_id_message"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["ticket.id"],
            name=op.f("fk_search_document_ticket_id_ticket"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
    )
    op.create_index(op.f("ix_search_document_ticket_id"), "search_document", ["ticket_id"])
    op.create_index(op.f("ix_search_document_message_id"), "search_document", ["message_id"])
    if op.get_context().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE search_index USING fts5("
            "body, tokenize = 'unicode61 remove_diacritics 0')"
        )
        op.execute(
            "CREATE TRIGGER search_document_gone AFTER DELETE ON search_document "
            "BEGIN DELETE FROM search_index WHERE rowid = old.id; END"
        )
    else:
        op.add_column("search_document", sa.Column("terms", TSVECTOR()))
        op.create_index(
            "ix_search_document_terms", "search_document", ["terms"], postgresql_using="gin"
        )


def downgrade() -> None:
    """Remove the index and the table."""
    if op.get_context().dialect.name == "sqlite":
        op.execute("DROP TRIGGER search_document_gone")
        op.execute("DROP TABLE search_index")
    op.drop_table("search_document")
