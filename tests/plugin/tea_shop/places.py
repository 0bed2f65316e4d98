"""What the shop puts into the pages of the desk."""

from __future__ import annotations

from collections.abc import Sequence

from deskcore.api import N_
from deskcore.plugin import (
    Action,
    Column,
    ComposerTool,
    CustomerRef,
    HelpPart,
    MessageNote,
    MessageRef,
    Panel,
    RowRef,
    TicketRef,
    Widget,
)

from .rights import SEE_STOCK
from .till import shelves
from .wishes import wishes_of


def beside_ticket(ticket: TicketRef) -> list[Panel]:
    """Show the shelves, and what the customer waits for once somebody looks."""
    panels = [
        Panel(
            title=N_("On the shelves"),
            template="plugins/tea_shop/_shelves.html",
            values={"shelves": shelves()},
            permission=SEE_STOCK,
            icon="store",
        )
    ]
    if ticket.customer_id:
        url = f"/p/tea_shop/wishes/{ticket.customer_id}"
        panels.append(Panel(title=N_("Waits for"), url=url, permission=SEE_STOCK, icon="package"))
    return panels


def about_customer(customer: CustomerRef) -> list[Panel]:
    """Show what a customer waits for."""
    teas = wishes_of(customer.id)
    return [Panel(title=N_("Waits for"), body=", ".join(teas), icon="package")] if teas else []


def actions(ticket: TicketRef) -> list[Action]:
    """Let a customer wait for what is not there."""
    if not ticket.customer_id:
        return []
    return [
        Action(
            label=N_("Wants Sencha"),
            url=f"/p/tea_shop/wish/{ticket.number}",
            permission=SEE_STOCK,
            icon="package",
            confirm=N_("They are told as soon as it is back."),
        )
    ]


def tools(ticket: TicketRef) -> list[ComposerTool]:
    """Offer teas to write of."""
    url = f"/p/tea_shop/offer/{ticket.number}"
    return [ComposerTool(label=N_("Offer a tea"), url=url, permission=SEE_STOCK, icon="store")]


def remarks(messages: Sequence[MessageRef]) -> list[MessageNote]:
    """Say what is not there of what a customer asks for."""
    gone = [tea for tea, count in shelves().items() if not count]
    return [
        MessageNote(message_id=message.id, text=f"{tea} is sold out.", tone="warn")
        for message in messages
        for tea in gone
        if message.kind == "customer" and tea in message.text
    ]


def columns(tickets: Sequence[RowRef]) -> list[Column]:
    """Say which tea a subject names, and how much of it is there."""
    stock = shelves()
    named = {
        ticket.id: f"{tea}: {stock[tea]}"
        for ticket in tickets
        for tea in stock
        if tea in ticket.subject
    }
    return [Column(label=N_("On the shelves"), values=named)]


def widgets() -> list[Widget]:
    """Show the shelves to those who run the desk."""
    url = "/p/tea_shop/shelves"
    return [Widget(title=N_("On the shelves"), url=url, permission=SEE_STOCK, icon="store")]


def for_customers(language: str) -> list[HelpPart]:
    """Tell what there is, and offer to look for it."""
    return [
        HelpPart(title=N_("On the shelves"), body=", ".join(shelves())),
        HelpPart(title=N_("Waits for"), place="search", url="/p/tea_shop/find"),
        HelpPart(title=f"Tea ({language})", place="top", body="<b>Fresh</b>"),
    ]
