"""Products as they are kept and as somebody wants them; values, never rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping

from deskcore.plugin import Money, Product
from plugins.catalogue.rights import PAGE
from plugins.catalogue.words import MOST_WORDS, words_of

LONGEST_SKU = 64
LONGEST_NAME = 200
LONGEST_SUMMARY = 5_000
LONGEST_CATEGORY = 120
LONGEST_URL = 500
LONGEST_BARCODE = 32
MOST_TAGS = 20
MOST_FITS = 50
_AS_KEPT = (
    "id", "sku", "name", "summary", "category", "barcode", "url", "is_sold", "picture",
    "picture_kind", "changed_at", "changed_by", "version",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Written:
    """A product as somebody wants it."""

    sku: str
    name: str
    summary: str = ""
    group: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    barcode: str = ""
    price: Money | None = None
    url: str = ""
    is_sold: bool = True
    fits: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A product as it is kept; ``fits`` is read for one product alone."""

    id: int
    sku: str
    name: str
    summary: str
    group: str
    category: str
    tags: tuple[str, ...]
    barcode: str
    price: Money | None
    url: str
    is_sold: bool
    picture: str
    picture_kind: str
    changed_at: datetime
    changed_by: str
    version: int

    @property
    def page(self) -> str:
        """The address of its page."""
        return f"{PAGE.url}{self.id}"

    @property
    def picture_url(self) -> str:
        """The address of its picture, another one for each; empty without one."""
        return f"{self.page}/picture?v={self.picture[:12]}" if self.picture else ""

    def told(self) -> Product:
        """Return it as other plugins know it."""
        return Product(
            key=self.sku,
            name=self.name,
            price=self.price,
            url=self.url,
            summary=self.summary,
            barcode=self.barcode,
            group=self.group,
            category=self.category,
            tags=self.tags,
            page=self.page,
            picture=self.picture_url,
        )


def kept(row: RowMapping) -> Kept:
    """Return a row of the table as a value, whatever else a question has added to it."""
    money = (
        Money(amount=row["price"], currency=row["currency"]) if row["price"] is not None else None
    )
    values = {name: row[name] for name in _AS_KEPT}
    return Kept(**values, group=row["group_sku"], tags=tuple(row["tags"]), price=money)


def index_words(
    sku: str, name: str, category: str, barcode: str, tags: tuple[str, ...]
) -> set[str]:
    """Return the words by which a product is found."""
    return {*words_of(sku, name, category, barcode, *tags)[:MOST_WORDS]}
