"""Finding products by words and filters; fast with fifty thousand of them, on either database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select

from deskcore.api import Actor
from deskcore.api.data import fold, reading, require
from plugins.catalogue.rights import READ
from plugins.catalogue.tables import PRODUCTS, STOCK, WORDS
from plugins.catalogue.values import Kept, kept
from plugins.catalogue.words import range_of, words_of

A_PAGE = 50
COUNTED = 1_000  # further ones are "more than"
MOST_WORDS = 8
MOST_CATEGORIES = 200
STOCK_STATES = ("in", "out", "unknown")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is looked for; empty texts narrow nothing."""

    words: str = ""
    category: str = ""
    stock: str = ""
    gone: bool = False
    page: int = 1


@dataclass(frozen=True, kw_only=True)
class Found:
    """One page of products; ``count`` is COUNTED + 1 for more than that."""

    products: tuple[Kept, ...]
    count: int
    has_more: bool


def look(actor: Actor, wish: Wish) -> Found:
    """Return a page of the products that fit, exact numbers first, then by name."""
    require(actor, READ.name)
    conditions = _conditions(wish)
    first = (wish.page - 1) * A_PAGE
    asked = select(PRODUCTS).where(*conditions).order_by(*_order(wish.words))
    with reading() as session:
        rows = session.execute(asked.offset(first).limit(A_PAGE + 1)).mappings().all()
        few = select(PRODUCTS.c.id).where(*conditions).limit(COUNTED + 1).subquery()
        count = session.scalars(select(func.count()).select_from(few)).one()
    shown = tuple(map(kept, rows[:A_PAGE]))
    return Found(products=shown, count=count, has_more=len(rows) > A_PAGE)


def best(words: str, limit: int) -> list[Kept]:
    """Return products that are sold and fit the words, the best first."""
    if not words_of(words):
        return []
    asked = select(PRODUCTS).where(*_conditions(Wish(words=words))).order_by(*_order(words))
    with reading() as session:
        return [kept(row) for row in session.execute(asked.limit(limit)).mappings()]


def categories() -> list[str]:
    """Return the categories there are."""
    asked = select(PRODUCTS.c.category).where(PRODUCTS.c.category != "").distinct()
    with reading() as session:
        return list(session.scalars(asked.order_by(PRODUCTS.c.category).limit(MOST_CATEGORIES)))


def is_empty() -> bool:
    """Whether nothing is kept yet."""
    with reading() as session:
        return session.scalar(select(PRODUCTS.c.id).limit(1)) is None


def holding(word: str) -> Select[int]:
    """Select the ids of products with a word that begins so."""
    first, end = range_of(word)
    return select(WORDS.c.product_id).where(WORDS.c.word >= first, WORDS.c.word < end)


def _conditions(wish: Wish) -> Sequence[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [PRODUCTS.c.is_sold.is_(not wish.gone)]
    conditions += [PRODUCTS.c.id.in_(holding(word)) for word in words_of(wish.words)[:MOST_WORDS]]
    if wish.category:
        conditions.append(PRODUCTS.c.category == wish.category)
    counted = exists().where(STOCK.c.product_id == PRODUCTS.c.id)
    there = exists().where(STOCK.c.product_id == PRODUCTS.c.id, STOCK.c.pieces > 0)
    if wish.stock == "in":
        conditions.append(there)
    elif wish.stock == "out":
        conditions += [counted, ~there]
    elif wish.stock == "unknown":
        conditions.append(~counted)
    return conditions


def _order(words: str) -> Sequence[ColumnElement[object]]:
    by_name = (PRODUCTS.c.name_folded, PRODUCTS.c.id)
    typed = words.strip()
    if not typed:
        return by_name
    is_it = or_(PRODUCTS.c.sku_folded == fold(typed), PRODUCTS.c.barcode == typed)
    begins = PRODUCTS.c.name_folded.between(*range_of(fold(typed)))
    return (case((is_it, 0), (begins, 1), else_=2), *by_name)
