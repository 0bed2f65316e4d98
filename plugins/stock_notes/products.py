"""What is sold and what is there, asked of whoever offers it; nobody, or one that fails, is told apart.

The card, the board and the lists ask for all their products at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

from deskcore.api import Unavailable
from deskcore.api.data import catalogues, stocks
from deskcore.plugin import Catalogue, Product, Stock, StockLevel
from plugins.stock_notes.tables import LONGEST_KEY, UNKNOWN

# Whether anybody answered: nobody offers, one that offers failed, all is well.
Heard = Literal["nobody", "failed", "ok"]
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Levels:
    """Where a product is: ``known`` False when nobody ever counted it."""

    places: tuple[StockLevel, ...] = ()

    @property
    def known(self) -> bool:
        """Whether anybody counted it."""
        return bool(self.places)

    @property
    def total(self) -> int:
        """How many there are in all places."""
        return sum(max(level.count, 0) for level in self.places)

    @property
    def back_on(self) -> date | None:
        """The day on which the first of it comes back, when one is told."""
        return min((level.back_on for level in self.places if level.back_on), default=None)

    @property
    def where(self) -> str:
        """The places that have some, as a text may name them."""
        return ", ".join(level.place for level in self.places if level.count > 0 and level.place)


def named_in(text: str, limit: int = 5) -> tuple[list[Product], Heard]:
    """Return what a customer's text names, the surest first."""
    found, heard = _asked(catalogues(), lambda each: each.recognise(text, limit))
    return _once(found)[:limit], heard


def found_by(words: str, limit: int = 5) -> tuple[list[Product], Heard]:
    """Return what fits words that somebody typed."""
    found, heard = _asked(catalogues(), lambda each: each.find(words, limit))
    return _once(found)[:limit], heard


def by_key(keys: Iterable[str]) -> tuple[dict[str, Product], Heard]:
    """Return those products that somebody knows, by key."""
    wanted = [key for key in dict.fromkeys(keys) if not is_unknown(key)]
    found, heard = _asked(catalogues(), lambda each: each.several(wanted) if wanted else [])
    return {product.key: product for product in reversed(found)}, heard


def levels_of(keys: Iterable[str]) -> tuple[dict[str, Levels], Heard]:
    """Return where the products are, by key; what was never counted has no places."""
    wanted = [key for key in dict.fromkeys(keys) if not is_unknown(key)]
    found, heard = _asked(stocks(), lambda each: each.levels(wanted) if wanted else [])
    places: defaultdict[str, list[StockLevel]] = defaultdict(list)
    for level in found:
        places[level.key].append(level)
    return {key: Levels(places=tuple(places[key])) for key in wanted}, heard


def places() -> list[str]:
    """Return all places that somebody knows."""
    found, _heard = _asked(stocks(), lambda each: each.places())
    return list(dict.fromkeys(found))


def alike(keys: Sequence[str], limit: int = 3) -> dict[str, list[tuple[Product, int]]]:
    """Return what may stand in for products and is in, with how many there are; levels are asked once."""
    found = {key: _once(_asked(catalogues(), _similar_to(key))[0]) for key in keys}
    levels, _heard = levels_of(product.key for several in found.values() for product in several)
    there = {
        key: [(one, levels[one.key].total) for one in several if levels[one.key].total]
        for key, several in found.items()
    }
    return {key: several[:limit] for key, several in there.items()}


def names(keys: Iterable[str]) -> dict[str, str]:
    """Return what to call products; one that nobody knows is called by its key."""
    wanted = list(dict.fromkeys(keys))
    known, _heard = by_key(wanted)
    return {key: known[key].name if key in known else key.removeprefix(UNKNOWN) for key in wanted}


def is_unknown(key: str) -> bool:
    """Whether this is something that nobody sells, by the words it was asked for with."""
    return key.startswith(UNKNOWN)


def unknown_key(words: str) -> str:
    """Return the key of what nobody sells; "" for no words."""
    tidy = " ".join(words.replace("\x00", "").split())
    return f"{UNKNOWN}{tidy}"[:LONGEST_KEY] if tidy else ""


def _asked(
    offers: Sequence[Catalogue] | Sequence[Stock], question: Callable[..., Sequence[T]]
) -> tuple[list[T], Heard]:
    found: list[T] = []
    heard: Heard = "ok" if offers else "nobody"
    for offer in offers:
        try:
            found += question(offer)
        except Unavailable:
            heard = "failed"
    return found, heard


def _similar_to(key: str) -> Callable[[Catalogue], Sequence[Product]]:
    return lambda catalogue: catalogue.similar(key)


def _once(products: Iterable[Product]) -> list[Product]:
    return list({product.key: product for product in products}.values())
