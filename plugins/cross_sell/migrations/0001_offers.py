"""Offers, their texts, chances, codes handed in, opt-outs, and the key of the links."""

import secrets

import sqlalchemy as sa
from alembic import op

from deskcore.api.data import BigId, UTCDateTime

revision = "cross_sell_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plg_cross_sell_offer",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("what", sa.String(12), nullable=False),
        sa.Column("value", sa.String(120), nullable=False),
        sa.Column("fits", sa.JSON(), nullable=False),
        sa.Column("customer_tag", sa.String(60), nullable=False),
        sa.Column("season_from", sa.Integer(), nullable=False),
        sa.Column("season_to", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("stock_needed", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(60), nullable=False),
        sa.Column("url", sa.String(2000), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.String(320), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(320), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_cross_sell_offer"),
    )
    _texts()
    _chances()
    _handed_in()
    op.create_table(
        "plg_cross_sell_opt_out",
        sa.Column("customer_id", BigId, autoincrement=False, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by_name", sa.String(320), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_plg_cross_sell_opt_out"),
    )
    secret = op.create_table(
        "plg_cross_sell_secret",
        sa.Column("id", BigId, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_cross_sell_secret"),
    )
    op.bulk_insert(secret, [{"id": 1, "key": secrets.token_hex(32)}])


def _texts() -> None:
    op.create_table(
        "plg_cross_sell_text",
        sa.Column("offer_id", BigId, autoincrement=False, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("offer_id", "language", name="pk_plg_cross_sell_text"),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["plg_cross_sell_offer.id"],
            name="fk_plg_cross_sell_text_offer_id_plg_cross_sell_offer",
            ondelete="CASCADE",
        ),
    )


def _chances() -> None:
    op.create_table(
        "plg_cross_sell_chance",
        sa.Column("id", BigId, nullable=False),
        sa.Column("offer_id", BigId, nullable=False),
        sa.Column("product", sa.String(120), nullable=False),
        sa.Column("ticket_id", BigId, nullable=False),
        sa.Column("ticket_number", BigId, nullable=False),
        sa.Column("customer_id", BigId, nullable=False),
        sa.Column("is_control", sa.Boolean(), nullable=False),
        sa.Column("token", sa.String(32), nullable=False),
        sa.Column("shown_at", UTCDateTime(), nullable=True),
        sa.Column("inserted_at", UTCDateTime(), nullable=True),
        sa.Column("inserted_by", sa.String(320), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("dismissed_at", UTCDateTime(), nullable=True),
        sa.Column("dismissed_by", sa.String(320), nullable=False),
        sa.Column("dismissed_for", sa.String(20), nullable=False),
        sa.Column("clicked_at", UTCDateTime(), nullable=True),
        sa.Column("taken_at", UTCDateTime(), nullable=True),
        sa.Column("taken_by", sa.String(320), nullable=False),
        sa.Column("taken_how", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_cross_sell_chance"),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["plg_cross_sell_offer.id"],
            name="fk_plg_cross_sell_chance_offer_id_plg_cross_sell_offer",
            ondelete="CASCADE",
        ),
        sa.UniqueConstraint(
            "offer_id", "ticket_id", name="uq_plg_cross_sell_chance_offer_id_ticket_id"
        ),
        sa.UniqueConstraint("token", name="uq_plg_cross_sell_chance_token"),
    )
    for columns in (("customer_id", "offer_id"), ("ticket_id",)):
        name = f"ix_plg_cross_sell_chance_{'_'.join(columns)}"
        op.create_index(name, "plg_cross_sell_chance", list(columns))


def _handed_in() -> None:
    op.create_table(
        "plg_cross_sell_handed_in",
        sa.Column("id", BigId, nullable=False),
        sa.Column("offer_id", BigId, nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("by_name", sa.String(320), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_cross_sell_handed_in"),
        sa.ForeignKeyConstraint(
            ["offer_id"],
            ["plg_cross_sell_offer.id"],
            name="fk_plg_cross_sell_handed_in_offer_id_plg_cross_sell_offer",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_plg_cross_sell_handed_in_offer_id", "plg_cross_sell_handed_in", ["offer_id"]
    )


def downgrade() -> None:
    for name in ("secret", "opt_out", "handed_in", "chance", "text", "offer"):
        op.drop_table(f"plg_cross_sell_{name}")
