"""What one plugin may offer to others: protocols, and the values that go to and fro.

Plugins do not import one another. One offers a ``Catalogue`` by ``desk_services``; another asks
whichever are offered, and copes with nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from deskcore.domain.money import Money
from deskcore.errors import Unavailable
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import Guard, Resting
from deskcore.plugin.parts import Owned


@dataclass(frozen=True, kw_only=True)
class Product:
    """Something that is sold; ``key`` is the shop's own number for it (SKU).

    ``group`` is the key of the product that it is a variant of. ``url`` is for customers; ``page`` and
    ``picture`` are addresses on this desk, for those who work there.
    """

    key: str
    name: str
    price: Money | None = None
    url: str = ""
    summary: str = ""
    barcode: str = ""
    group: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    page: str = ""
    picture: str = ""


@dataclass(frozen=True, kw_only=True)
class StockLevel:
    """How much of a product there is, where, as of when somebody looked; or when it comes back."""

    key: str
    count: int
    place: str = ""
    back_on: date | None = None
    seen_at: datetime | None = None


@runtime_checkable
class Catalogue(Protocol):
    """Knows what is sold; answers from what it keeps, never from the network.

    A key that it does not know gives nothing and is no error; what is sold no longer may be known
    by its key, and is not found, fitting or similar.
    """

    def find(self, words: str, limit: int = 10) -> Sequence[Product]:
        """Return products that fit the words, the best first."""

    def get(self, key: str) -> Product | None:
        """Return one product."""

    def several(self, keys: Sequence[str]) -> Sequence[Product]:
        """Return those of the products that it knows, in no order: for lists, at one question."""

    def fitting(self, key: str, limit: int = 3) -> Sequence[Product]:
        """Return what is used together with a product, as a filter with its kettle."""

    def similar(self, key: str, limit: int = 5) -> Sequence[Product]:
        """Return what may stand in for a product: its other variants first, then its category."""

    def recognise(self, text: str, limit: int = 5) -> Sequence[Product]:
        """Return products that a text of a customer names, the surest first; better none than wrong."""


@runtime_checkable
class Stock(Protocol):
    """Knows what is there; answers from what it keeps, never from the network."""

    def levels(self, keys: Sequence[str]) -> Sequence[StockLevel]:
        """Return how much there is of each product it knows, in no order; what was never counted is left out."""

    def places(self) -> Sequence[str]:
        """Return the places it knows, as ``StockLevel.place`` names them, in the shop's own order."""


PROTOCOLS: tuple[type, ...] = (Catalogue, Stock)


@dataclass(frozen=True, kw_only=True)
class Service:
    """An offer: ``protocol`` is ``Catalogue`` or ``Stock``, ``offer`` has its methods."""

    protocol: type
    offer: object


class Guarded:
    """Another plugin's offer: each call goes through the guard, as that plugin's.

    Raises ``Unavailable`` when it fails: ask the next one, or do without.
    """

    def __init__(self, owned: Owned[Service], guard: Guard) -> None:
        self._owned = owned
        self._guard = guard

    def __getattr__(self, name: str) -> Callable[..., object]:
        service, slug = self._owned.item, self._owned.slug
        method = getattr(service.offer, name)
        place = f"{service.protocol.__name__}.{name}"

        def call(*args: object, **more: object) -> object:
            try:
                return self._guard.call(slug, place, lambda: method(*args, **more), patience="rest")
            except (PluginFailed, Resting) as failed:
                raise Unavailable(f"The plugin {slug} has no answer now.") from failed

        return call


def offered(services: Sequence[Owned[Service]], protocol: object, guard: Guard) -> list[object]:
    """Return every offer of a protocol, guarded, in the order of the plugins' slugs."""
    return [
        Guarded(owned, guard)
        for owned in sorted(services, key=lambda owned: owned.slug)
        if owned.item.protocol is protocol
    ]
