"""Asking whoever offers a catalogue and a stock; a plugin that fails or rests has no say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from deskcore.api import Unavailable
from deskcore.api.data import catalogues, stocks
from deskcore.plugin import Catalogue, Product
from plugins.cross_sell.matching import Goods, needs_fitting, wanted_keys
from plugins.cross_sell.offer import Offer

MOST_SPOKEN_OF = 3
MOST_FITTING = 10
LONGEST_TEXT = 20_000  # of what is looked through for products


def is_offered() -> tuple[bool, bool]:
    """Say whether anybody knows what is sold, and what is in stock."""
    return bool(catalogues()), bool(stocks())


def about(text: str, offers: Sequence[Offer]) -> Goods:
    """Return what a text speaks of, what fits that, and what can be had of what offers name."""
    spoken_of: dict[str, Product] = {}
    fitting: dict[str, tuple[Product, ...]] = {}
    named: dict[str, Product] = {}
    for catalogue in catalogues():
        try:
            _ask(catalogue, text, spoken_of, fitting, asks_what_fits=needs_fitting(offers))
            if spoken_of:
                named |= {each.key: each for each in catalogue.several(wanted_keys(offers))}
        except Unavailable:
            continue
    if not spoken_of:
        return Goods()
    keys = {*named, *(each.key for those in fitting.values() for each in those)}
    return Goods(
        spoken_of=tuple(spoken_of.values()),
        fitting=fitting,
        offered=named,
        counts=counts(sorted(keys)),
    )


def known(keys: Sequence[str]) -> dict[str, Product]:
    """Return products by their keys, as far as anybody knows them."""
    found: dict[str, Product] = {}
    for catalogue in catalogues():
        try:
            found = {each.key: each for each in catalogue.several(keys)} | found
        except Unavailable:
            continue
    return found


def counts(keys: Sequence[str]) -> dict[str, int]:
    """Return how many there are of each, in all places together; what nobody counted is left out."""
    total: Counter[str] = Counter()
    for stock in stocks() if keys else ():
        try:
            for level in stock.levels(keys):
                total[level.key] += max(level.count, 0)
        except Unavailable:
            continue
    return dict(total)


def _ask(
    catalogue: Catalogue,
    text: str,
    spoken_of: dict[str, Product],
    fitting: dict[str, tuple[Product, ...]],
    *,
    asks_what_fits: bool,
) -> None:
    for product in catalogue.recognise(text[:LONGEST_TEXT], limit=MOST_SPOKEN_OF):
        spoken_of.setdefault(product.key, product)
        if not asks_what_fits:
            continue
        found = catalogue.fitting(product.key, limit=MOST_FITTING)
        fitting[product.key] = (*fitting.get(product.key, ()), *found)
