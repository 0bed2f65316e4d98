"""Where offers stand in the desk, and who may do what with them."""

from __future__ import annotations

from collections.abc import Sequence

from deskcore.api import N_, Permission
from deskcore.plugin import Asset, ComposerTool, CustomerRef, Link, MessageRef, Panel, TicketRef

SLUG = "cross_sell"
HOME = f"/p/{SLUG}"
CUSTOMERS = f"/c/{SLUG}/"  # where links that customers are given begin
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


def with_links(messages: Sequence[MessageRef]) -> list[MessageRef]:
    """Return the answers that hold links of offers; pages without one ask nothing more."""
    return [one for one in messages if one.kind == "agent" and CUSTOMERS in one.text]


def wishes(customer: CustomerRef) -> Panel:
    """Return the box on a customer's page."""
    url = f"{HOME}/customers/{customer.id}"
    return Panel(title=N_("Offers"), url=url, permission=USE, icon="shopping-bag", order=60)
