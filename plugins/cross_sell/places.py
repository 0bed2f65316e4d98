"""Where offers stand in the desk, and who may do what with them."""

from __future__ import annotations

from deskcore.api import N_, Permission
from deskcore.plugin import Asset, ComposerTool, CustomerRef, Link, Panel, TicketRef

SLUG = "cross_sell"
HOME = f"/p/{SLUG}"
USE = "ticket.reply"  # whoever answers may use them
MANAGE = Permission(
    name="cross_sell.offer.manage",
    label=N_("Write offers and see their results"),
    roles=("owner", "admin"),
)
PAGE = Link(label=N_("Offers"), url=f"{HOME}/", permission=MANAGE.name, icon="shopping-bag")
ASSETS = (Asset(name="offers.css", where="workspace"), Asset(name="offers.css"))


def card(ticket: TicketRef) -> Panel:
    """Return the box beside a ticket; it asks nothing before it comes into view."""
    url = f"{HOME}/for/{ticket.number}"
    return Panel(title=N_("Offers"), url=url, permission=USE, icon="shopping-bag", order=60)


def tool(ticket: TicketRef) -> ComposerTool:
    """Return the button below an answer that opens the same."""
    url = f"{HOME}/for/{ticket.number}?at=tool"
    return ComposerTool(label=N_("Offers"), url=url, permission=USE, icon="shopping-bag", order=30)


def wishes(customer: CustomerRef) -> Panel:
    """Return the box on a customer's page."""
    url = f"{HOME}/customers/{customer.id}"
    return Panel(title=N_("Offers"), url=url, permission=USE, icon="shopping-bag", order=60)
