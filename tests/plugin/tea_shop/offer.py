"""What the shop tells other plugins: how much is on the shelves."""

from __future__ import annotations

from collections.abc import Sequence

from deskcore.plugin import Service, Stock, StockLevel

from .till import shelves


class Shelves:
    """The stock of the shop; a product's key is its name."""

    def levels(self, keys: Sequence[str]) -> Sequence[StockLevel]:
        """Return how much there is of each."""
        return [
            StockLevel(key=tea, count=count, place="shop")
            for tea, count in shelves().items()
            if tea in keys
        ]

    def places(self) -> Sequence[str]:
        """Return where the shelves stand."""
        return ["shop"]


def services() -> list[Service]:
    """Offer it."""
    return [Service(protocol=Stock, offer=Shelves())]
