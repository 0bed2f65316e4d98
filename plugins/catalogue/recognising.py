"""Knowing which products a text of a customer names: by number surely, by name with care.

A wrong product beside a ticket is worse than none. Three questions at most, however long the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import and_, literal_column, or_, select, union_all
from sqlalchemy.orm import Session

from deskcore.api.data import fold, reading
from plugins.catalogue.tables import PRODUCTS, WORDS
from plugins.catalogue.values import Kept, kept
from plugins.catalogue.words import is_form_of, range_of, stem, telling, words_of

LONGEST = 8_000  # characters of a text that are read
MOST_TOKENS = 400
MOST_WORDS = 40
COMMON = 200  # products that share a word, from which on it says nothing by itself
CANDIDATES = 60
_RARE = 3  # products that share a word, up to which it stands for them
_MOSTLY, _HALF = 0.6, 0.5  # of the words of a name
_LONG = 6  # letters of a word that stands for a thing: "order" and "price" are shorter
_TOKEN = re.compile(r"[^\s,;:!?()\[\]{}\"'<>«»„“”]+")
_SHORTEST_NUMBER = 5  # digits alone: years and order numbers are shorter, or no SKU


def recognise(text: str, limit: int = 5) -> list[Kept]:
    """Return the products that a text names, the surest first."""
    text = text[:LONGEST]
    with reading() as session:
        sure = _by_number(session, text)
        named = _by_name(session, text, {product.id for product in sure})
    return [*sure, *named][:limit]


def _by_number(session: Session, text: str) -> list[Kept]:
    """Return those whose SKU or barcode stands in the text, in its order."""
    tokens = [token.strip(".-_/#") for token in _TOKEN.findall(fold(text))]
    asked = [token for token in dict.fromkeys(tokens) if _may_be_number(token)][:MOST_TOKENS]
    if not asked:
        return []
    codes = [token for token in asked if token.isdecimal()]
    of_text = or_(PRODUCTS.c.sku_folded.in_(asked), PRODUCTS.c.barcode.in_(codes))
    rows = session.execute(select(PRODUCTS).where(PRODUCTS.c.is_sold, of_text).limit(CANDIDATES))
    place = {token: at for at, token in enumerate(asked)}
    found = [kept(row) for row in rows.mappings()]
    return sorted(
        found, key=lambda each: place.get(fold(each.sku), place.get(each.barcode, len(place)))
    )


def _may_be_number(token: str) -> bool:
    if token.isdecimal():
        return len(token) >= _SHORTEST_NUMBER
    return len(token) > 2 and any(map(str.isdecimal, token))  # noqa: PLR2004  two letters are a word


def _by_name(session: Session, text: str, known: set[int]) -> list[Kept]:
    """Return those whose name stands in the text, at least most of it."""
    said = words_of(text)
    told = telling(said)[:MOST_WORDS]
    if not told:
        return []
    shared = _with_words(session, told)
    hits = Counter[int]()
    for ids in shared.values():
        if len(ids) <= COMMON:
            hits.update({each: 1 + (len(ids) <= _RARE) for each in ids if each not in known})
    ids = [product_id for product_id, _hits in hits.most_common(CANDIDATES)]
    if not ids:
        return []
    rare = {each for found in shared.values() if len(found) <= _RARE for each in found}
    rows = session.execute(select(PRODUCTS).where(PRODUCTS.c.is_sold, PRODUCTS.c.id.in_(ids)))
    scored = [
        (_score(product.name, said, is_rare=product.id in rare), product)
        for product in map(kept, rows.mappings())
    ]
    sorted_ = sorted(scored, key=lambda pair: (-pair[0], pair[1].name, pair[1].id))
    return [product for score, product in sorted_ if score]


def _with_words(session: Session, told: Sequence[str]) -> dict[int, list[int]]:
    """Return the ids of products with each word, by its place; of common ones just too many."""
    parts = []
    for at, word in enumerate(told):
        root = stem(word)
        first, end = range_of(root)
        is_it = WORDS.c.word == word
        if root != word:
            is_it = and_(WORDS.c.word >= first, WORDS.c.word < end)
        few = select(literal_column(str(at)).label("at"), WORDS.c.product_id).where(is_it)
        parts.append(select(few.limit(COMMON + 1).subquery()))
    found: dict[int, list[int]] = {at: [] for at in range(len(told))}
    for row in session.execute(union_all(*parts)):
        found[row.at].append(row.product_id)
    return found


def _score(name: str, said: Sequence[str], *, is_rare: bool) -> float:
    """Say how surely a text names a product, 0 for not surely enough."""
    words = words_of(name)
    of_name = telling(words) or words
    found = [word for word in of_name if any(is_form_of(each, word) for each in said)]
    share = len(found) / len(of_name) if of_name else 0
    tells_much = is_rare and share >= _HALF and any(len(word) >= _LONG for word in found)
    if not (share == 1 or (share >= _MOSTLY and len(found) > 1) or tells_much):
        return 0
    # Sizes tell variants apart: "the 250 g one".
    details = sum(1 for word in words if word not in of_name and word in said)
    return share * len(found) + details / 10
