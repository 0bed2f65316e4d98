"""What other plugins are told: what is sold, what fits, what is there. They do not import this one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    RowMapping,
    Select,
    String,
    and_,
    bindparam,
    case,
    literal_column,
    or_,
    select,
    union,
    union_all,
)

from deskcore.api.data import reading
from deskcore.plugin import Catalogue, Product, Service, Stock, StockLevel
from plugins.catalogue import finding, products, recognising, shops
from plugins.catalogue.tables import FITS, PLACES, PRODUCTS, STOCK
from plugins.catalogue.values import Kept, kept

MOST_KEYS = 1_000


class OwnCatalogue:
    """The products of this desk."""

    def find(self, words: str, limit: int = 10) -> Sequence[Product]:
        """Return products that fit the words, the best first."""
        return [product.told() for product in finding.best(words, limit)]

    def get(self, key: str) -> Product | None:
        """Return one product."""
        return next(iter(self.several([key])), None)

    def several(self, keys: Sequence[str]) -> Sequence[Product]:
        """Return those of the products that there are."""
        with reading() as session:
            found = products.with_keys(session, keys[:MOST_KEYS])
        return [product.told() for product in found]

    def fitting(self, key: str, limit: int = 3) -> Sequence[Product]:
        """Return what is used together with a product."""
        return [product.told() for product in fitting(key, limit)]

    def similar(self, key: str, limit: int = 5) -> Sequence[Product]:
        """Return what may stand in for a product."""
        return [product.told() for product in similar(key, limit)]

    def recognise(self, text: str, limit: int = 5) -> Sequence[Product]:
        """Return the products that a text names."""
        return [product.told() for product in recognising.recognise(text, limit)]


class OwnStock:
    """What was counted in the places of this desk."""

    def levels(self, keys: Sequence[str]) -> Sequence[StockLevel]:
        """Return how much there is of each product."""
        asked = (
            select(PRODUCTS.c.sku, PLACES.c.name, STOCK.c.pieces, STOCK.c.back_on, STOCK.c.seen_at)
            .join(STOCK, STOCK.c.product_id == PRODUCTS.c.id)
            .join(PLACES, PLACES.c.id == STOCK.c.place_id)
            .where(PRODUCTS.c.sku.in_(list(keys[:MOST_KEYS])))
        )
        with reading() as session:
            rows = session.execute(asked).all()
        return [
            StockLevel(
                key=row.sku,
                count=row.pieces,
                place=row.name,
                back_on=row.back_on,
                seen_at=row.seen_at,
            )
            for row in rows
        ]

    def places(self) -> Sequence[str]:
        """Return the places in their order."""
        return list(shops.names().values())


def services() -> list[Service]:
    """Offer both."""
    return [
        Service(protocol=Catalogue, offer=OwnCatalogue()),
        Service(protocol=Stock, offer=OwnStock()),
    ]


def fitting(key: str, limit: int) -> list[Kept]:
    """Return what is sold and fits a product, whichever of the two was said to fit the other."""
    with reading() as session:
        rows = session.execute(_fitting(), {"key": key, "limit": limit})
        return [kept(row) for row in rows.mappings()]


@cache  # made once, as below
def _fitting() -> Select[Any]:
    key, this, other = bindparam("key", type_=String), PRODUCTS.alias(), PRODUCTS.alias()
    told = (
        select(other.c.id)
        .join(FITS, FITS.c.other_sku == other.c.sku)
        .join(this, this.c.id == FITS.c.product_id)
        .where(this.c.sku == key)
    )
    telling = select(FITS.c.product_id).where(FITS.c.other_sku == key)
    # One list of both: of two conditions PostgreSQL would read all products by name.
    return (
        select(PRODUCTS)
        .where(PRODUCTS.c.id.in_(union(told, telling)), PRODUCTS.c.is_sold, PRODUCTS.c.sku != key)
        .order_by(PRODUCTS.c.name_folded, PRODUCTS.c.id)
        .limit(bindparam("limit", type_=Integer))
    )


def similar(key: str, limit: int) -> list[Kept]:
    """Return other variants of a product that are sold, then others of its category; in one question."""
    with reading() as session:
        rows = session.execute(_alike(), {"key": key, "limit": limit}).mappings().all()
    nearest_first = sorted(rows, key=lambda row: (row["far"], row["name_folded"], row["id"]))
    found: dict[int, RowMapping] = {}
    for row in nearest_first:
        found.setdefault(row["id"], row)
    return [kept(row) for row in list(found.values())[:limit]]


@cache  # made once: the card beside a ticket asks for each product that is out of stock
def _alike() -> CompoundSelect[Any]:
    key, this = bindparam("key", type_=String), PRODUCTS.alias()
    group = case((this.c.group_sku != "", this.c.group_sku), else_=this.c.sku)
    its_group = select(group).where(this.c.sku == key).scalar_subquery()
    its_category = select(this.c.category).where(this.c.sku == key).scalar_subquery()
    # Most products have no group: told so in terms of the index, PostgreSQL looks for the few by it.
    has_group = and_(PRODUCTS.c.group_sku == its_group, PRODUCTS.c.group_sku > "")
    ways = (
        or_(has_group, PRODUCTS.c.sku == its_group),
        and_(PRODUCTS.c.category == its_category, PRODUCTS.c.category != ""),
    )
    parts = (
        select(PRODUCTS, literal_column(str(far)).label("far"))
        .where(way, PRODUCTS.c.is_sold, PRODUCTS.c.sku != key)
        .order_by(PRODUCTS.c.name_folded, PRODUCTS.c.id)
        # A variant may be of the category, too.
        .limit(bindparam("limit", type_=Integer) * (1 + far))
        .subquery()
        for far, way in enumerate(ways)
    )
    return union_all(*map(select, parts))


def variants_of(product: Kept) -> Select[Any]:
    """Select the other variants of a product, and what they are variants of."""
    group = product.group or product.sku
    same = or_(PRODUCTS.c.group_sku == group, PRODUCTS.c.sku == group)
    return select(PRODUCTS).where(same, PRODUCTS.c.id != product.id)
