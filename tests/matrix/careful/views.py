"""Pages that ask first: with a right, as whoever looks, and changing nothing when looked at."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from deskcore.api import N_
from deskcore.api.data import read_customer, read_ticket, settings_of, unit_of_work
from deskcore.api.web import current_actor, needs, page, redirect

from .settings import CarefulSettings

blueprint = Blueprint("careful", __name__, template_folder="templates")


@blueprint.get("/tickets/<int:number>")
@needs("ticket.read")
def ticket(number: int) -> Response:
    """Show a ticket of the reader's."""
    return page("plugins/careful/ticket.html", {"ticket": read_ticket(current_actor(), number)})


@blueprint.post("/tickets/<int:number>/look")
@needs("ticket.note")
def look(number: int) -> Response:
    """Write down that somebody looked at it."""
    actor = current_actor()
    seen = read_ticket(actor, number)
    with unit_of_work(actor) as unit:
        unit.audit(N_("looked closely"), str(seen.number))
    return redirect(url_for("careful.ticket", number=number))


@blueprint.get("/customers/<int:customer_id>")
@needs("ticket.read")
def customer(customer_id: int) -> Response:
    """Show a customer of the reader's."""
    found = read_customer(current_actor(), customer_id)
    return page("plugins/careful/customer.html", {"customer": found})


@blueprint.get("/drawer")
@needs("careful.drawer.open")
def drawer() -> Response:
    """Show the note of the plugin's own settings."""
    settings = settings_of("careful", CarefulSettings)
    return page("plugins/careful/drawer.html", {"settings": settings})


@blueprint.get("/parcel")
@needs("ticket.read")
def parcel() -> Response:
    """Send people to the one place elsewhere that the manifest names."""
    return redirect("https://carrier.example/parcels")
