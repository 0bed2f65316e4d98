"""Knowing which products a text of a customer names: by number surely, by name with care.

A wrong product beside a ticket is worse than none. One question, however long the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Select,
    String,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    union_all,
)

from deskcore.api.data import fold, reading
from plugins.catalogue.tables import PRODUCTS, WORDS
from plugins.catalogue.values import Kept, kept
from plugins.catalogue.words import forms_of, is_form_of, telling, words_of

LONGEST = 8_000  # characters of a text that are read
MOST_TOKENS = 400
MOST_WORDS = 40
COMMON = 200  # products that share a word, from which on it says nothing by itself
CANDIDATES = 60
_BY_NUMBER = 0  # instead of how many products share its rarest word
_RARE = 3  # products that share a word, up to which it stands for them
_MOSTLY, _HALF = 0.6, 0.5  # of the words of a name
_LONG = 6  # letters of a word that stands for a thing: "order" and "price" are shorter
_TOKEN = re.compile(r"[^\s,;:!?()\[\]{}\"'<>«»„“”]+")
_SHORTEST_NUMBER = 5  # digits alone: years and order numbers are shorter, or no SKU


def recognise(text: str, limit: int = 5) -> list[Kept]:
    """Return the products that a text names, the surest first."""
    text = text[:LONGEST]
    said, numbers = words_of(text), _numbers(text)
    sure, named = _candidates(numbers, telling(said)[:MOST_WORDS])
    return [*_in_order(sure, numbers), *_surely_named(named, said)][:limit]


def _numbers(text: str) -> list[str]:
    """Return what may be a SKU or barcode, in the text's order."""
    tokens = [token.strip(".-_/#") for token in _TOKEN.findall(fold(text))]
    return [token for token in dict.fromkeys(tokens) if _may_be_number(token)][:MOST_TOKENS]


def _may_be_number(token: str) -> bool:
    if token.isdecimal():
        return len(token) >= _SHORTEST_NUMBER
    return len(token) > 2 and any(map(str.isdecimal, token))  # noqa: PLR2004  two letters are a word


def _candidates(
    numbers: Sequence[str], told: Sequence[str]
) -> tuple[list[Kept], list[tuple[Kept, bool]]]:
    """Return the products with one of the numbers, then others with the words, and whether by a rare one."""
    if not numbers and not told:
        return [], []
    asked: dict[str, object] = {
        "numbers": numbers,
        "codes": [token for token in numbers if token.isdecimal()],
    }
    for at, word in enumerate(told):
        asked[f"first_{at}"], asked[f"end_{at}"] = forms_of(word)
    with reading() as session:
        rows = session.execute(_question(len(told)), asked).mappings().all()
    # One that is known by both is known by its number.
    by_number_last = sorted(rows, key=lambda row: -row["fewest"])
    found = {row["id"]: (row["fewest"], kept(row)) for row in by_number_last}
    sure = [product for fewest, product in found.values() if fewest == _BY_NUMBER]
    named = [(one, fewest <= _RARE) for fewest, one in found.values() if fewest != _BY_NUMBER]
    return sure, named


@lru_cache(maxsize=MOST_WORDS + 1)
def _question(count: int) -> Select[Any] | CompoundSelect[Any]:
    """Make the question for so many words: building it costs more than the database's answer."""
    has_number = or_(
        PRODUCTS.c.sku_folded.in_(bindparam("numbers", expanding=True)),
        PRODUCTS.c.barcode.in_(bindparam("codes", expanding=True)),
    )
    sure = select(PRODUCTS, literal_column(str(_BY_NUMBER)).label("fewest"))
    sure = select(sure.where(PRODUCTS.c.is_sold, has_number).limit(CANDIDATES).subquery())
    if not count:
        return sure
    # Of a common word just too many are looked at; a text of nothing else would name everything.
    sharing = union_all(*(_with_word(at) for at in range(count))).subquery()
    shared = func.count().over(partition_by=sharing.c.at).label("shared")
    counted = select(sharing.c.product_id, shared).subquery()
    hits = func.sum(case((counted.c.shared <= _RARE, 2), else_=1))
    ranked = (
        select(counted.c.product_id, func.min(counted.c.shared).label("fewest"))
        .where(counted.c.shared <= COMMON)
        .group_by(counted.c.product_id)
        .order_by(hits.desc(), counted.c.product_id)
        .limit(CANDIDATES)
        .subquery()
    )
    named = select(PRODUCTS, ranked.c.fewest).join(ranked, ranked.c.product_id == PRODUCTS.c.id)
    return union_all(sure, named.where(PRODUCTS.c.is_sold))


def _with_word(at: int) -> Select[Any]:
    first, end = bindparam(f"first_{at}", type_=String), bindparam(f"end_{at}", type_=String)
    few = select(literal_column(str(at)).label("at"), WORDS.c.product_id)
    few = few.where(WORDS.c.word >= first, WORDS.c.word < end).limit(COMMON + 1)
    return select(few.subquery())


def _in_order(found: Sequence[Kept], numbers: Sequence[str]) -> list[Kept]:
    """Sort those that are known by number as the text names them."""
    place = {token: at for at, token in enumerate(numbers)}
    return sorted(
        found, key=lambda each: place.get(fold(each.sku), place.get(each.barcode, len(place)))
    )


def _surely_named(found: Sequence[tuple[Kept, bool]], said: Sequence[str]) -> list[Kept]:
    """Return those whose name stands in the text, at least most of it."""
    scored = [(_score(product.name, said, is_rare=is_rare), product) for product, is_rare in found]
    ordered = sorted(scored, key=lambda pair: (-pair[0], pair[1].name, pair[1].id))
    return [product for score, product in ordered if score]


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
