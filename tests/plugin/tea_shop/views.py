"""The pages of the shop."""

from __future__ import annotations

from flask import Blueprint, Response

from deskcore.api.web import needs, page

from .rights import SEE_STOCK

blueprint = Blueprint("tea_shop", __name__, template_folder="templates")


@blueprint.get("/stock")
@needs(SEE_STOCK)
def stock() -> Response:
    """Show what is on the shelves."""
    return page("plugins/tea_shop/stock.html", {"teas": ["Assam", "Sencha"]})
