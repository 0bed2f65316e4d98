"""The pages of the shop."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from deskcore.api.data import unit_of_work
from deskcore.api.web import current_actor, needs, page, redirect

from .rights import SEE_STOCK
from .till import shelves

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
