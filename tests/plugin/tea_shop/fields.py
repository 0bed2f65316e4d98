"""What the desk keeps of an order, on the ticket about it, and how tickets are found by shelves."""

from __future__ import annotations

from sqlalchemy import Select, select

from deskcore.api import N_
from deskcore.plugin import SearchTerm, TicketField

from .tables import ASKED, SHELVES

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


def of_stock(value: str) -> Select[int] | None:
    """Find tickets that ask for what is there, or for what is not."""
    if value not in {"none", "some"}:
        return None
    is_there = SHELVES.c.count > 0 if value == "some" else SHELVES.c.count == 0
    return select(ASKED.c.ticket_id).join(SHELVES, SHELVES.c.tea == ASKED.c.tea).where(is_there)


TERMS = [
    SearchTerm(
        name="stock",
        label=N_("about tea that is sold out"),
        example="stock:none",
        tickets=of_stock,
    )
]
