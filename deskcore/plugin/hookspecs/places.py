"""Hooks for places in pages.

When: at every request of the page.
Where: in the web process; read only.
Fault: leaves the plugin's part out of the page; five in ten minutes, or three calls that took
    over two seconds, pause the plugin.
Since: 1
"""

from __future__ import annotations

from deskcore.domain.kinds import CustomerId
from deskcore.domain.people import UserRef
from deskcore.plugin.markers import hookspec
from deskcore.plugin.parts import Link, Panel, TicketRef


@hookspec
def desk_ticket_panels(ticket: TicketRef, user: UserRef) -> list[Panel]:
    """Show boxes beside a ticket, ordered by ``Panel.order``, then by the plugin's slug."""
    raise NotImplementedError


@hookspec
def desk_nav_items(user: UserRef) -> list[Link]:
    """Offer pages of the plugin in the nav, below those of the desk."""
    raise NotImplementedError


@hookspec
def desk_customer_links(customer_id: CustomerId, user: UserRef) -> list[Link]:
    """Offer pages about a customer, on the customer's page and on their card beside a ticket."""
    raise NotImplementedError
