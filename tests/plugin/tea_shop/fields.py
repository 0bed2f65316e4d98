"""What the desk keeps of an order, on the ticket about it, and how tickets are found by shelves."""

from __future__ import annotations

from sqlalchemy import Select, select

from deskcore.api import N_, UserRef
from deskcore.plugin import Placeholder, SearchTerm, TicketField, TicketRef

from .tables import ASKED, SHELVES
from .wishes import wishes_of

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


def wished(ticket: TicketRef, _user: UserRef) -> str:
    """Name what the ticket's customer waits for."""
    return ", ".join(wishes_of(ticket.customer_id)) if ticket.customer_id else ""


PLACEHOLDERS = [
    Placeholder(
        name="tea_shop.wished",
        label=N_("What the customer waits for"),
        sample="Sencha",
        value=wished,
    )
]
