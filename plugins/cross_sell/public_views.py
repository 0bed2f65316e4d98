"""What a customer sees behind the link of an offer. A press counts, looking does not.

Mail scanners and previews follow links; they press no button. Where a press leads is what the
offer, or the catalogue, says when it is pressed: nothing in the address can name another place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlsplit

from flask import Blueprint, Response

from deskcore.api import SYSTEM, NotFound, _, now, page_language
from deskcore.api.web import public, public_page, within_limit
from deskcore.plugin import Money
from plugins.cross_sell import chances, goods, offers
from plugins.cross_sell.checking import is_web

blueprint = Blueprint("cross_sell_links", __name__, template_folder="templates")

_MOST_PRESSES = 60  # of one place in an hour: a shop with one address outside has many people


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What a customer is told of an offer; ``url`` is "" when there is nowhere to go."""

    token: str
    customer_id: int
    title: str
    price: Money | None
    terms: str
    code: str
    ends_on: date | None
    is_over: bool
    url: str
    host: str


@blueprint.get("/<token>")
@public
def show(token: str) -> Response:
    """Show an offer, also when it is over."""
    return public_page("plugins/cross_sell/public.html", {"offer": _shown(token)})


@blueprint.post("/<token>")
@public
def press(token: str) -> Response:
    """Count a press, and lead on to the shop."""
    offer = _shown(token)
    if not offer.url:
        return public_page("plugins/cross_sell/public.html", {"offer": offer})
    if within_limit("cross_sell.press", most=_MOST_PRESSES, within=timedelta(hours=1)):
        chances.click(token)
    return public_page("plugins/cross_sell/leaving.html", {"offer": offer})


@blueprint.post("/<token>/no-more")
@public
def no_more(token: str) -> Response:
    """Keep that this customer wants no offers."""
    offer = _shown(token)
    chances.opt_out(SYSTEM, offer.customer_id, by_name="")
    return public_page("plugins/cross_sell/no_more.html", {"offer": offer})


def _shown(token: str) -> Shown:
    chance = chances.by_token(token)
    if chance is None:
        raise NotFound(_("There is no page here"))
    offer = offers.one(chance.offer_id)
    product = goods.known([chance.product]).get(chance.product)
    url = offer.url or (product.url if product else "")
    url = url if is_web(url) else ""
    return Shown(
        token=token,
        customer_id=chance.customer_id,
        title=product.name if product else offer.name,
        price=product.price if product else None,
        terms=offer.words_in(page_language())[1].terms,
        code=offer.code,
        ends_on=offer.ends_on,
        is_over=offer.state(now().date()) not in {"on", "out_of_season"},
        url=url,
        host=urlsplit(url).hostname or "",
    )
