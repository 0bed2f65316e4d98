"""Its shelves: plain dictionaries, which tests change."""

from __future__ import annotations

from collections.abc import Sequence

from deskcore.plugin import Catalogue, Money, Product, Service, Stock, StockLevel


def _product(key: str, name: str, amount: int, category: str = "", *tags: str) -> Product:
    url = f"https://tools.example/{key}?a=1&b=2"
    price = Money(amount=amount, currency="CZK")
    return Product(key=key, name=name, price=price, url=url, category=category, tags=tags)


PRODUCTS = {
    each.key: each
    for each in (
        _product("KET-17", "Kettle Klara", 129900, "kettles"),
        _product("DES-1", "Descaler", 14900, "care", "eco"),
        _product("FIL-2", "Filter", 9900, "parts"),
        _product("CUP-3", "Cup <b>Bo</b>", 8900, "cups"),
        _product("PAN-9", "Pan Petra", 79900, "pans"),
    )
}
FITTING = {"KET-17": ["DES-1", "FIL-2", "CUP-3"], "PAN-9": ["DES-1"]}
COUNTS: dict[str, int] = {}
SPOKEN_OF: set[str] = set()  # what every text is taken to name
TROUBLE: list[Exception] = []  # raised at the next questions


class Shop:
    """What it sells."""

    def find(self, words: str, limit: int = 10) -> Sequence[Product]:
        """Return what has these words in its name."""
        return [each for each in PRODUCTS.values() if words.lower() in each.name.lower()][:limit]

    def get(self, key: str) -> Product | None:
        """Return one."""
        return PRODUCTS.get(key)

    def several(self, keys: Sequence[str]) -> Sequence[Product]:
        """Return those it knows."""
        return [PRODUCTS[key] for key in keys if key in PRODUCTS]

    def fitting(self, key: str, limit: int = 3) -> Sequence[Product]:
        """Return what goes with one."""
        return [PRODUCTS[each] for each in FITTING.get(key, [])][:limit]

    def similar(self, key: str, limit: int = 5) -> Sequence[Product]:
        """Return nothing."""
        return []

    def recognise(self, text: str, limit: int = 5) -> Sequence[Product]:
        """Return what is named, by its last word or its number."""
        if TROUBLE:
            raise TROUBLE[0]
        said = text.lower()
        return [
            each
            for each in PRODUCTS.values()
            if each.name.lower().split()[-1] in said
            or each.key.lower() in said
            or each.key in SPOKEN_OF
        ][:limit]


class Shelves:
    """What it has."""

    def levels(self, keys: Sequence[str]) -> Sequence[StockLevel]:
        """Return it for two places."""
        return [
            StockLevel(key=key, count=count, place=place)
            for key in keys
            for place, count in (("Brno", COUNTS.get(key, -1)), ("Praha", 0))
            if key in COUNTS
        ]

    def places(self) -> Sequence[str]:
        """Return both."""
        return ["Brno", "Praha"]


def services() -> list[Service]:
    """Return both offers."""
    return [
        Service(protocol=Catalogue, offer=Shop()),
        Service(protocol=Stock, offer=Shelves()),
    ]
