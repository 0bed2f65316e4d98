"""Where stock notes stand in the desk, and who may do what with them."""

from __future__ import annotations

from deskcore.api import N_, Permission
from deskcore.plugin import Asset, CustomerRef, Link, Panel, TicketRef

SLUG = "stock_notes"
SEE = "stock_notes.stock.see"
KEEP = "stock_notes.stock.note"
TELL = "stock_notes.customers.tell"
MANAGE = "stock_notes.lists.manage"

RIGHTS = [
    Permission(
        name=SEE,
        label=N_("See what is in, who waits, and lists"),
        roles=("owner", "admin", "agent", "viewer"),
    ),
    Permission(
        name=KEEP,
        label=N_("Note stock, put customers on the waiting list, tick lists"),
        roles=("owner", "admin", "agent"),
    ),
    Permission(
        name=TELL,
        label=N_("Tell all who wait that something is back"),
        roles=("owner", "admin", "agent"),
    ),
    Permission(name=MANAGE, label=N_("Write lists"), roles=("owner", "admin")),
]

ASSETS = (
    Asset(name="stock.css", where="workspace"),
    Asset(name="stock.css"),
    Asset(name="board.js"),
)


def pages() -> list[Link]:
    """Return the pages that stand in the nav."""
    return [
        Link(label=N_("Restock"), url="/p/stock_notes/restock", permission=SEE, icon="package"),
        Link(
            label=N_("Shop lists"), url="/p/stock_notes/lists", permission=SEE, icon="check-check"
        ),
    ]


def beside_ticket(ticket: TicketRef) -> list[Panel]:
    """Show what a ticket is about and where it is in, once somebody looks there."""
    url = f"/p/stock_notes/card/{ticket.number}"
    return [Panel(title=N_("Is it in?"), url=url, permission=SEE, icon="package", order=40)]


def about_customer(customer: CustomerRef) -> list[Panel]:
    """Show what a customer waits for."""
    url = f"/p/stock_notes/customers/{customer.id}"
    return [Panel(title=N_("Waits for"), url=url, permission=SEE, icon="package", order=40)]
