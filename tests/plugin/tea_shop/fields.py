"""What the desk keeps of an order, on the ticket about it, and how tickets are found by shelves."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from deskcore.api import N_
from deskcore.plugin import SearchTerm, TicketColumns, TicketField

from .tables import SHELVES

FIELDS = [
    TicketField(name="tea_shop.order", label=N_("Order")),
    TicketField(name="tea_shop.grams", label=N_("Grams"), kind="number"),
    TicketField(name="tea_shop.wanted_by", label=N_("Wanted by"), kind="date"),
    TicketField(
        name="tea_shop.leaf",
        label=N_("Leaf"),
        kind="option",
        options={"loose": N_("Loose leaves"), "bags": N_("Tea bags")},
    ),
]


def of_stock(value: str, tickets: TicketColumns) -> ColumnElement[bool] | None:
    """Find tickets about what is there, or about what is not."""
    if value not in {"none", "some"}:
        return None
    is_there = SHELVES.c.count > 0 if value == "some" else SHELVES.c.count == 0
    named = select(SHELVES.c.tea).where(is_there, tickets.subject.contains(SHELVES.c.tea))
    return named.correlate_except(SHELVES).exists()


TERMS = [
    SearchTerm(
        name="stock",
        label=N_("about tea that is sold out"),
        example="stock:none",
        condition=of_stock,
    )
]
