"""Teas and counts as plain values; tests change them, or have them fail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from deskcore.plugin import Product, StockLevel

TEAS = {
    "T-1": Product(key="T-1", name="Assam", url="https://shop.example/assam", category="black"),
    "T-2": Product(key="T-2", name="Sencha", url="https://shop.example/sencha", category="green"),
    "T-3": Product(key="T-3", name="Gyokuro", category="green"),
}
COUNTS: dict[tuple[str, str], int] = {
    ("T-1", "High Street"): 0,
    ("T-1", "Harbour"): 3,
    ("T-2", "High Street"): 0,
    ("T-2", "Harbour"): 0,
    ("T-3", "High Street"): 40,
}
BACK = {"T-2": date(2030, 5, 17)}
SEEN = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
asked: list[str] = []  # how often who was asked what
broken: set[str] = set()


class Teas:
    """What is sold."""

    def find(self, words: str, limit: int = 10) -> Sequence[Product]:
        """Find by a part of the name."""
        note("find")
        return [tea for tea in TEAS.values() if words.casefold() in tea.name.casefold()][:limit]

    def get(self, key: str) -> Product | None:
        """Return one."""
        return TEAS.get(key)

    def several(self, keys: Sequence[str]) -> Sequence[Product]:
        """Return some."""
        note("several")
        return [TEAS[key] for key in keys if key in TEAS]

    def fitting(self, key: str, limit: int = 3) -> Sequence[Product]:
        """Teas fit nothing."""
        return []

    def similar(self, key: str, limit: int = 5) -> Sequence[Product]:
        """Return others of the category."""
        note("similar")
        tea = TEAS.get(key)
        others = [each for each in TEAS.values() if tea and each.category == tea.category]
        return [each for each in others if each.key != key][:limit]

    def recognise(self, text: str, limit: int = 5) -> Sequence[Product]:
        """Return those whose name or key stands in the text."""
        note("recognise")
        found = [tea for tea in TEAS.values() if tea.name in text or tea.key in text]
        return found[:limit]


class Counter:
    """What is there."""

    def levels(self, keys: Sequence[str]) -> Sequence[StockLevel]:
        """Return counts."""
        note("levels")
        return [
            StockLevel(key=key, count=count, place=place, back_on=BACK.get(key), seen_at=SEEN)
            for (key, place), count in COUNTS.items()
            if key in keys
        ]

    def places(self) -> Sequence[str]:
        """Return the two shops."""
        note("places")
        return ["High Street", "Harbour"]


def note(what: str) -> None:
    """Note a question, and fail when a test says so."""
    asked.append(what)
    if what in broken:
        raise RuntimeError(what)
