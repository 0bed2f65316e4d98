"""The tables of the plugin: products with their words and fits, places, stock, imports.

What a product is a variant of and what it fits is kept by SKU: files name products in any order,
and one that is not there yet is no mistake.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

from deskcore.api.data import NAMING, BigId, UTCDateTime

METADATA = MetaData(naming_convention=NAMING)


def folded(length: int) -> String:
    """Return a column for folded text: compared byte by byte, so that beginnings are a range."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


# ``sku_folded`` and ``name_folded`` are without case and accents. A price is in minor units;
# without one there is no currency. ``picture`` is the digest of a kept file, "" for none.
PRODUCTS = Table(
    "plg_catalogue_product",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("sku", String(64), nullable=False, unique=True),
    Column("sku_folded", folded(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("name_folded", folded(200), nullable=False),
    Column("summary", Text, nullable=False),
    Column("group_sku", String(64), nullable=False),
    Column("category", String(120), nullable=False),
    Column("tags", JSON, nullable=False),
    Column("barcode", String(32), nullable=False),
    Column("price", BigInteger, nullable=True),
    Column("currency", String(3), nullable=False),
    Column("url", String(500), nullable=False),
    Column("picture", String(64), nullable=False),
    Column("picture_kind", String(20), nullable=False),
    Column("is_sold", Boolean, nullable=False),
    Column("changed_at", UTCDateTime(), nullable=False),
    Column("changed_by", String(320), nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "sku_folded"),
    Index(None, "name_folded", "id"),
    Index(None, "group_sku"),
    Index(None, "category", "name_folded"),
    Index(None, "barcode"),
    Index(None, "picture"),
)


def _of_product() -> Column[int]:
    return Column(
        "product_id",
        BigId,
        ForeignKey("plg_catalogue_product.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )


# By these words a product is found, whole or by their beginnings.
WORDS = Table(
    "plg_catalogue_word",
    METADATA,
    Column("word", folded(40), primary_key=True),
    _of_product(),
    Index(None, "product_id"),
)

FITS = Table(
    "plg_catalogue_fit",
    METADATA,
    _of_product(),
    Column("other_sku", String(64), primary_key=True),
    Index(None, "other_sku"),
)

PLACES = Table(
    "plg_catalogue_place",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("note", String(200), nullable=False),
    Column("position", Integer, nullable=False),
)

# How many somebody counted, and when more comes. Without a row nobody ever counted.
STOCK = Table(
    "plg_catalogue_stock",
    METADATA,
    _of_product(),
    Column(
        "place_id",
        BigId,
        ForeignKey("plg_catalogue_place.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("pieces", Integer, nullable=False),
    Column("back_on", Date, nullable=True),
    Column("seen_at", UTCDateTime(), nullable=False),
    Column("seen_by", String(320), nullable=False),
    Index(None, "place_id"),
)

# ``position`` counts the rows that are done with; it moves in the transaction that did them.
IMPORTS = Table(
    "plg_catalogue_import",
    METADATA,
    Column("id", BigId, primary_key=True),
    Column("filename", String(200), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("encoding", String(20), nullable=False),
    Column("delimiter", String(1), nullable=False),
    Column("decimal_sign", String(1), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("headers", JSON, nullable=False),
    Column("columns", JSON, nullable=False),
    Column("state", String(20), nullable=False),
    Column("position", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("added", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("same", Integer, nullable=False),
    Column("bad", Integer, nullable=False),
    Column("created_at", UTCDateTime(), nullable=False),
    Column("created_by", String(320), nullable=False),
    Column("moved_at", UTCDateTime(), nullable=False),
)


def _of_import() -> Column[int]:
    return Column(
        "import_id",
        BigId,
        ForeignKey("plg_catalogue_import.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    )


BAD_ROWS = Table(
    "plg_catalogue_bad_row",
    METADATA,
    _of_import(),
    Column("row", Integer, primary_key=True, autoincrement=False),
    Column("problem", String(20), nullable=False),
    Column("value", String(200), nullable=False),
    Column("cells", JSON, nullable=False),
)

# Which SKUs a file has named so far, and where: a second time is a mistake.
NAMED = Table(
    "plg_catalogue_named",
    METADATA,
    _of_import(),
    Column("sku", String(64), primary_key=True),
    Column("row", Integer, nullable=False),
)
