"""Where the plugin stands in the desk's own pages."""

from __future__ import annotations

from collections.abc import Sequence

from deskcore.api import N_, CustomerId, TicketId
from deskcore.plugin import Asset, CustomerRef, Link, Panel, RowRef, TicketRef, Widget
from plugins.reviews.kinds import is_review
from plugins.reviews.rights import DEPUTY, READ, SET_UP, SLUG

HOME = f"/p/{SLUG}/"
PAGES = [
    Link(label=N_("Reviews"), url=HOME, permission=READ, icon="star"),
    Link(label=N_("Approvals"), url=f"{HOME}approvals", permission=DEPUTY, icon="check-check"),
]
FIGURES = Widget(title=N_("Reviews"), url=f"{HOME}figures", permission=READ, icon="star")
ASSETS = [
    Asset(name="reviews.css", where="workspace"),
    Asset(name="reviews.css"),
    Asset(name="preview.js"),
]


def panels(ticket: TicketRef) -> list[Panel]:
    """Show the review, or what the customer has written elsewhere; filled when it is looked at."""
    if is_review(ticket.kind):
        url = f"{HOME}beside/{ticket.number}"
        return [Panel(title=N_("Review"), url=url, permission=READ, icon="star", order=10)]
    if ticket.customer_id is None:
        return []
    url = f"{HOME}card/{ticket.customer_id}"
    return [Panel(title=N_("Reviews"), url=url, permission=READ, icon="star", order=60)]


def reviews_among(tickets: Sequence[RowRef]) -> list[TicketId]:
    """Return which rows of a list are reviews; those without any ask nothing more."""
    return [ticket.id for ticket in tickets if is_review(ticket.kind)]


def of_customer(customer: CustomerRef) -> list[Panel]:
    """Show the same on a customer's page."""
    url = f"{HOME}card/{customer.id}"
    return [Panel(title=N_("Reviews"), url=url, permission=READ, icon="star", order=60)]


def links(customer_id: CustomerId) -> list[Link]:
    """Lead to whether a customer wants to be asked for reviews."""
    url = f"{HOME}asking/{customer_id}"
    return [Link(label=N_("Asking for reviews"), url=url, permission=SET_UP, icon="star")]
