"""Notes, waiting customers, the board, tellings, what was asked for, and lists."""

import sqlalchemy as sa
from alembic import op

from deskcore.api.data import BigId, UTCDateTime

revision = "stock_notes_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _knowledge()
    _waiting()
    _telling()
    _lists()


def _knowledge() -> None:
    op.create_table(
        "plg_stock_notes_note",
        sa.Column("id", BigId, nullable=False),
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("by_id", BigId, nullable=False),
        sa.Column("by_name", sa.String(320), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_stock_notes_note"),
    )
    op.create_index(
        "ix_plg_stock_notes_note_product", "plg_stock_notes_note", ["product"], unique=False
    )
    op.create_table(
        "plg_stock_notes_card",
        sa.Column("id", BigId, nullable=False),
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("lane", sa.String(20), nullable=False),
        sa.Column("expected", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("moved_at", UTCDateTime(), nullable=False),
        sa.Column("moved_by", sa.String(320), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_stock_notes_card"),
        sa.UniqueConstraint("product", name="uq_plg_stock_notes_card_product"),
    )
    op.create_table(
        "plg_stock_notes_ask",
        sa.Column("ticket_id", BigId, autoincrement=False, nullable=False),
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("customer_id", BigId, nullable=True),
        sa.Column("was_missing", sa.Boolean(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "product", name="pk_plg_stock_notes_ask"),
    )
    op.create_index(
        "ix_plg_stock_notes_ask_customer_id", "plg_stock_notes_ask", ["customer_id"], unique=False
    )
    op.create_index(
        "ix_plg_stock_notes_ask_product", "plg_stock_notes_ask", ["product"], unique=False
    )


def _waiting() -> None:
    op.create_table(
        "plg_stock_notes_wait",
        sa.Column("id", BigId, nullable=False),
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("ticket_id", BigId, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("run_id", BigId, nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by_name", sa.String(320), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_plg_stock_notes_wait"),
    )
    op.create_index(
        "ix_plg_stock_notes_wait_customer_id", "plg_stock_notes_wait", ["customer_id"], unique=False
    )
    op.create_index(
        "ix_plg_stock_notes_wait_product_state",
        "plg_stock_notes_wait",
        ["product", "state"],
        unique=False,
    )
    op.create_index(
        "ix_plg_stock_notes_wait_run_id_state",
        "plg_stock_notes_wait",
        ["run_id", "state"],
        unique=False,
    )
    op.create_index(
        "ix_plg_stock_notes_wait_ticket_id", "plg_stock_notes_wait", ["ticket_id"], unique=False
    )
    op.create_index(
        "uq_plg_stock_notes_wait_open",
        "plg_stock_notes_wait",
        ["customer_id", "product"],
        unique=True,
        sqlite_where=sa.text("state IN ('waiting', 'failed')"),
        postgresql_where=sa.text("state IN ('waiting', 'failed')"),
    )
    op.create_table(
        "plg_stock_notes_refusal",
        sa.Column("customer_id", BigId, autoincrement=False, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by_name", sa.String(320), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_plg_stock_notes_refusal"),
    )


def _telling() -> None:
    op.create_table(
        "plg_stock_notes_run",
        sa.Column("id", BigId, nullable=False),
        sa.Column("product", sa.String(200), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("by_id", BigId, nullable=False),
        sa.Column("by_name", sa.String(320), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_plg_stock_notes_run"),
    )
    op.create_index(
        "ix_plg_stock_notes_run_product", "plg_stock_notes_run", ["product"], unique=False
    )


def _lists() -> None:
    op.create_table(
        "plg_stock_notes_list",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("days", sa.String(7), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_stock_notes_list"),
    )
    op.create_table(
        "plg_stock_notes_item",
        sa.Column("id", BigId, nullable=False),
        sa.Column("list_id", BigId, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("gone_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["list_id"],
            ["plg_stock_notes_list.id"],
            name="fk_plg_stock_notes_item_list_id_plg_stock_notes_list",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plg_stock_notes_item"),
    )
    op.create_index(
        "ix_plg_stock_notes_item_list_id", "plg_stock_notes_item", ["list_id"], unique=False
    )
    op.create_table(
        "plg_stock_notes_tick",
        sa.Column("item_id", BigId, autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("by_id", BigId, nullable=False),
        sa.Column("by_name", sa.String(320), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"],
            ["plg_stock_notes_item.id"],
            name="fk_plg_stock_notes_tick_item_id_plg_stock_notes_item",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("item_id", "day", name="pk_plg_stock_notes_tick"),
    )


def downgrade() -> None:
    for name in (
        "tick",
        "item",
        "list",
        "run",
        "refusal",
        "wait",
        "ask",
        "card",
        "note",
    ):
        op.drop_table(f"plg_stock_notes_{name}")
