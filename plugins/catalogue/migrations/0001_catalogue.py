"""Products, places, stock and imports."""

import sqlalchemy as sa
from alembic import op

from deskcore.api.data import BigId, UTCDateTime

revision = "catalogue_0001"
down_revision = None
branch_labels = None
depends_on = None


def folded(length: int) -> sa.String:
    """Return a column that is compared byte by byte."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    _make_products()
    _make_places()
    _make_imports()


def _make_products() -> None:
    """Make products with their words and fits."""
    op.create_table(
        "plg_catalogue_product",
        sa.Column("id", BigId, nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("sku_folded", folded(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("name_folded", folded(200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("group_sku", sa.String(64), nullable=False),
        sa.Column("category", sa.String(120), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("barcode", sa.String(32), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("picture", sa.String(64), nullable=False),
        sa.Column("picture_kind", sa.String(20), nullable=False),
        sa.Column("is_sold", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(320), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.UniqueConstraint("sku", name="uq_plg_catalogue_product_sku"),
        sa.PrimaryKeyConstraint("id", name="pk_plg_catalogue_product"),
    )
    op.create_index("ix_plg_catalogue_product_barcode", "plg_catalogue_product", ["barcode"])
    op.create_index(
        "ix_plg_catalogue_product_category_name_folded",
        "plg_catalogue_product",
        ["category", "name_folded"],
    )
    op.create_index("ix_plg_catalogue_product_group_sku", "plg_catalogue_product", ["group_sku"])
    op.create_index(
        "ix_plg_catalogue_product_name_folded_id", "plg_catalogue_product", ["name_folded", "id"]
    )
    op.create_index("ix_plg_catalogue_product_picture", "plg_catalogue_product", ["picture"])
    op.create_index("ix_plg_catalogue_product_sku_folded", "plg_catalogue_product", ["sku_folded"])
    op.create_table(
        "plg_catalogue_fit",
        sa.Column("product_id", BigId, autoincrement=False, nullable=False),
        sa.Column("other_sku", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["plg_catalogue_product.id"],
            name="fk_plg_catalogue_fit_product_id_plg_catalogue_product",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("product_id", "other_sku", name="pk_plg_catalogue_fit"),
    )
    op.create_index("ix_plg_catalogue_fit_other_sku", "plg_catalogue_fit", ["other_sku"])
    op.create_table(
        "plg_catalogue_word",
        sa.Column("word", folded(40), nullable=False),
        sa.Column("product_id", BigId, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["plg_catalogue_product.id"],
            name="fk_plg_catalogue_word_product_id_plg_catalogue_product",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("word", "product_id", name="pk_plg_catalogue_word"),
    )
    op.create_index("ix_plg_catalogue_word_product_id", "plg_catalogue_word", ["product_id"])


def _make_places() -> None:
    """Make places, and stock in them."""
    op.create_table(
        "plg_catalogue_place",
        sa.Column("id", BigId, nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.UniqueConstraint("name", name="uq_plg_catalogue_place_name"),
        sa.PrimaryKeyConstraint("id", name="pk_plg_catalogue_place"),
    )
    op.create_table(
        "plg_catalogue_stock",
        sa.Column("product_id", BigId, autoincrement=False, nullable=False),
        sa.Column("place_id", BigId, autoincrement=False, nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("seen_at", UTCDateTime(), nullable=False),
        sa.Column("seen_by", sa.String(320), nullable=False),
        sa.ForeignKeyConstraint(
            ["place_id"],
            ["plg_catalogue_place.id"],
            name="fk_plg_catalogue_stock_place_id_plg_catalogue_place",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["plg_catalogue_product.id"],
            name="fk_plg_catalogue_stock_product_id_plg_catalogue_product",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("product_id", "place_id", name="pk_plg_catalogue_stock"),
    )
    op.create_index("ix_plg_catalogue_stock_place_id", "plg_catalogue_stock", ["place_id"])


def _make_imports() -> None:
    """Make imports with their bad rows."""
    op.create_table(
        "plg_catalogue_import",
        sa.Column("id", BigId, nullable=False),
        sa.Column("filename", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("encoding", sa.String(20), nullable=False),
        sa.Column("delimiter", sa.String(1), nullable=False),
        sa.Column("decimal_sign", sa.String(1), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("columns", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("same", sa.Integer(), nullable=False),
        sa.Column("bad", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("created_by", sa.String(320), nullable=False),
        sa.Column("moved_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_plg_catalogue_import"),
    )
    op.create_table(
        "plg_catalogue_bad_row",
        sa.Column("import_id", BigId, autoincrement=False, nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("problem", sa.String(20), nullable=False),
        sa.Column("value", sa.String(200), nullable=False),
        sa.Column("cells", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["plg_catalogue_import.id"],
            name="fk_plg_catalogue_bad_row_import_id_plg_catalogue_import",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "row", name="pk_plg_catalogue_bad_row"),
    )
    op.create_table(
        "plg_catalogue_named",
        sa.Column("import_id", BigId, autoincrement=False, nullable=False),
        sa.Column("sku", sa.String(64), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["plg_catalogue_import.id"],
            name="fk_plg_catalogue_named_import_id_plg_catalogue_import",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "sku", name="pk_plg_catalogue_named"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("plg_catalogue_named")
    op.drop_table("plg_catalogue_bad_row")
    op.drop_table("plg_catalogue_import")
    op.drop_table("plg_catalogue_stock")
    op.drop_table("plg_catalogue_place")
    op.drop_table("plg_catalogue_word")
    op.drop_table("plg_catalogue_fit")
    op.drop_table("plg_catalogue_product")
