"""The pages of offers: look, write, change, switch, try, results."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from deskcore.api import Invalid, _, now
from deskcore.api.data import can, placeholders, settings_of
from deskcore.api.web import current_actor, needs, page, redirect, submit, toast, whole
from plugins.cross_sell import goods, offers, trying
from plugins.cross_sell.checking import OWN
from plugins.cross_sell.forms import OfferForm, form_of
from plugins.cross_sell.offer import Offer
from plugins.cross_sell.places import MANAGE, SLUG
from plugins.cross_sell.settings import OfferSettings
from plugins.cross_sell.words import state_words, what_words

blueprint = Blueprint(SLUG, __name__, template_folder="templates")

_CAN_MANAGE = needs(MANAGE.name)


@blueprint.get("/")
@_CAN_MANAGE
def index() -> Response:
    """List the offers, with whether they are made today."""
    known, today = offers.every(), now().date()
    has_catalogue, has_stock = goods.is_offered()
    context = {
        "offers": [(offer, state_words(offer.state(today))) for offer in known],
        "products": _products(known),
        "what_words": what_words(),
        "has_catalogue": has_catalogue,
        "has_stock": has_stock,
        "settings": settings_of(SLUG, OfferSettings),
        "may_settings": can(current_actor(), "plugins.manage"),
    }
    return page("plugins/cross_sell/index.html", context)


@blueprint.get("/offers/new")
@_CAN_MANAGE
def new() -> Response:
    """Ask for a new one."""
    return _form_page(form_of())


@blueprint.post("/offers/new")
@_CAN_MANAGE
def create() -> Response:
    """Keep it."""
    form = form_of()
    done = submit(form, lambda: offers.create(current_actor(), form.written()))
    if done is None:
        return _form_page(form, status=form.status)
    toast(_("Saved. See below in which tickets it would have been shown."))
    return redirect(url_for("cross_sell.attempt", offer_id=done.result))


@blueprint.get("/offers/<int:offer_id>/edit")
@_CAN_MANAGE
def edit(offer_id: int) -> Response:
    """Show its form."""
    offer = offers.one(offer_id)
    return _form_page(form_of(offer), offer=offer)


@blueprint.post("/offers/<int:offer_id>/edit")
@_CAN_MANAGE
def change(offer_id: int) -> Response:
    """Change it."""
    actor = current_actor()
    offer, form = offers.one(offer_id), form_of()
    seen = form.seen_version()
    done = submit(form, lambda: offers.change(actor, offer_id, form.written(), version=seen))
    if done is None:
        return _form_page(form, offer=offer, status=form.status)
    toast(_("Saved."))
    return redirect(url_for("cross_sell.index"))


@blueprint.post("/offers/<int:offer_id>/switch")
@_CAN_MANAGE
def switch(offer_id: int) -> Response:
    """Switch it on or off."""
    is_on = request.form.get("on") == "1"
    name = offers.switch(current_actor(), offer_id, is_on=is_on).name
    told = _("“%(name)s” is on.", name=name) if is_on else _("“%(name)s” is off.", name=name)
    toast(told)
    return redirect(url_for("cross_sell.index"))


@blueprint.post("/offers/<int:offer_id>/delete")
@_CAN_MANAGE
def delete(offer_id: int) -> Response:
    """Delete one that nobody was shown."""
    try:
        name = offers.remove(current_actor(), offer_id)
    except Invalid as refused:
        toast(refused.problems[0].message, kind="bad")
        return redirect(url_for("cross_sell.edit", offer_id=offer_id))
    toast(_("“%(name)s” is deleted.", name=name))
    return redirect(url_for("cross_sell.index"))


@blueprint.get("/offers/<int:offer_id>/try")
@_CAN_MANAGE
def attempt(offer_id: int) -> Response:
    """Show which tickets of the last 30 days would have seen it."""
    before = request.args.get("before", 0, type=whole)
    tried = trying.look(current_actor(), offer_id, before=max(before, 0))
    return page("plugins/cross_sell/try.html", {"tried": tried, "days": trying.DAYS})


def _products(known: list[Offer]) -> dict[str, str]:
    keys = [offer.value for offer in known if offer.what == "product"]
    return {key: product.name for key, product in goods.known(keys).items()} if keys else {}


def _form_page(form: OfferForm, *, offer: Offer | None = None, status: int = 200) -> Response:
    context = {"form": form, "offer": offer, "own": OWN, "placeholders": placeholders()}
    return page("plugins/cross_sell/edit.html", context, status=status)
