"""Where the catalogue stands in the desk, and who may do what with it."""

from __future__ import annotations

from deskcore.api import N_, Permission
from deskcore.plugin import Asset, Link, Panel, TicketRef

SLUG = "catalogue"
READ = Permission(
    name="catalogue.product.read",
    label=N_("Look at products and stock"),
    roles=("owner", "admin", "agent", "viewer"),
)
COUNT = Permission(
    name="catalogue.stock.count",
    label=N_("Write down how much there is of a product"),
    roles=("owner", "admin", "agent"),
)
CHANGE = Permission(
    name="catalogue.product.change",
    label=N_("Change products and places"),
    roles=("owner", "admin"),
)
IMPORT = Permission(
    name="catalogue.product.import",
    label=N_("Import products from files"),
    roles=("owner", "admin"),
)
PERMISSIONS = [READ, COUNT, CHANGE, IMPORT]
PAGE = Link(
    label=N_("Products"), url="/p/catalogue/", permission=READ.name, icon="shopping-bag", order=40
)
ASSETS = (Asset(name="catalogue.css", where="workspace"), Asset(name="catalogue.css"))


def card(ticket: TicketRef) -> Panel:
    """Return the box of the products that a ticket speaks of."""
    return Panel(
        title=N_("Products"),
        url=f"/p/catalogue/for/{ticket.number}",
        permission=READ.name,
        icon="shopping-bag",
        order=40,
    )
