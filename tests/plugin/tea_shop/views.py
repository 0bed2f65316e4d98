"""The pages of the shop."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from deskcore.api import CustomerId
from deskcore.api.data import read_customer, read_ticket, unit_of_work
from deskcore.api.web import current_actor, fragment, needs, page, redirect, toast

from .rights import SEE_STOCK
from .till import shelves
from .wishes import wish, wishes_of

blueprint = Blueprint("tea_shop", __name__, template_folder="templates")


@blueprint.get("/stock")
@needs(SEE_STOCK)
def stock() -> Response:
    """Show what is on the shelves."""
    return page("plugins/tea_shop/stock.html", {"shelves": shelves()})


@blueprint.post("/stock/<tea>")
@needs(SEE_STOCK)
def look(tea: str) -> Response:
    """Have the worker look at one shelf."""
    with unit_of_work(current_actor()) as unit:
        unit.enqueue("tea_shop.shelf", {"only": tea}, unique_key=f"tea_shop.shelf {tea}")
    return redirect(url_for("tea_shop.stock"))


@blueprint.get("/wishes/<int:customer_id>")
@needs(SEE_STOCK)
def wishes(customer_id: int) -> Response:
    """Show what a customer of the reader's waits for."""
    customer = read_customer(current_actor(), customer_id)
    teas = wishes_of(CustomerId(customer.id))
    return fragment("plugins/tea_shop/wishes.html", {"teas": teas}, title="Waits for")


@blueprint.post("/wish/<int:number>")
@needs(SEE_STOCK)
def wait(number: int) -> Response:
    """Have the customer of a ticket wait for Sencha."""
    ticket = read_ticket(current_actor(), number)
    if ticket.customer_id:
        with unit_of_work(current_actor()) as unit:
            wish(unit, ticket.customer_id, "Sencha")
        toast(f"{ticket.customer_name} waits for Sencha.")
    return redirect(f"/t/{number}")


@blueprint.get("/offer/<int:number>")
@needs(SEE_STOCK)
def offer(number: int) -> Response:
    """Show teas to write of, to who may answer the ticket."""
    read_ticket(current_actor(), number)
    return fragment("plugins/tea_shop/offer.html", {"shelves": shelves()}, title="Offer a tea")


@blueprint.get("/shelves")
@needs(SEE_STOCK)
def all_shelves() -> Response:
    """Show the shelves as a part of a page."""
    shown = {"shelves": shelves()}
    return fragment("plugins/tea_shop/_shelves.html", shown, title="On the shelves")
