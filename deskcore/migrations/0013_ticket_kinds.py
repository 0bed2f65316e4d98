"""Kinds of tickets that plugins bring: their names, their statuses, and lists of them."""

import sqlalchemy as sa
from alembic import op

revision = "core_0013"
down_revision = "core_0012"
branch_labels = None
depends_on = None

OF_A_PLUGIN = sa.text("kind <> 'question'")
SHORT, LONG = sa.String(length=40), sa.String(length=90)

ticket = sa.table("ticket", sa.column("kind"), sa.column("status_id"), sa.column("category"))
status = sa.table("status", sa.column("id"), sa.column("kind"), sa.column("key"))


def upgrade() -> None:
    """Make the table, the column and the index; every status that is here is for questions."""
    op.create_table(
        "ticket_kind",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("is_guarded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ticket_kind")),
    )
    with op.batch_alter_table("status") as table:
        table.alter_column("key", existing_type=SHORT, type_=LONG, existing_nullable=False)
        table.add_column(
            sa.Column("kind", sa.String(length=40), nullable=False, server_default="question")
        )
    op.create_index(
        "ix_ticket_kind_list",
        "ticket",
        ["kind", "category", "list_at", "id"],
        sqlite_where=OF_A_PLUGIN,
        postgresql_where=OF_A_PLUGIN,
    )


def downgrade() -> None:
    """Make questions of all tickets, each in the built-in status of its category."""
    op.drop_index("ix_ticket_kind_list", table_name="ticket")
    of_category = sa.select(status.c.id).where(status.c.key == ticket.c.category)
    op.execute(
        sa.update(ticket)
        .where(ticket.c.kind != "question")
        .values(kind="question", status_id=of_category.scalar_subquery())
    )
    op.execute(sa.delete(status).where(status.c.kind != "question"))
    with op.batch_alter_table("status") as table:
        table.drop_column("kind")
        table.alter_column("key", existing_type=LONG, type_=SHORT, existing_nullable=False)
    op.drop_table("ticket_kind")
