"""The card beside a ticket: the products it speaks of, with price and stock."""

from __future__ import annotations

from flask import Blueprint, Response

from deskcore.api import _
from deskcore.api.data import heard_of
from deskcore.api.web import current_actor, fragment, needs
from plugins.catalogue import recognising, stock
from plugins.catalogue.rights import READ

blueprint = Blueprint("catalogue_card", __name__, template_folder="templates")

SHOWN = 5


@blueprint.get("/for/<int:number>")
@needs(READ.name)
def show(number: int) -> Response:
    """Show the products that a ticket speaks of: what was said last counts first."""
    heard = heard_of(current_actor(), number)
    found = recognising.recognise("\n".join((heard.ticket.subject, *heard.texts)), SHOWN)
    context = {"products": found, "levels": stock.levels_of(product.id for product in found)}
    return fragment("plugins/catalogue/card.html", context, title=_("Products"))
