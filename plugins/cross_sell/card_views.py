"""The card of offers: beside a ticket, from below the answer, or as a page without scripts."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from deskcore.api import DeskError, _
from deskcore.api.data import read_customer
from deskcore.api.web import (
    absolute,
    current_actor,
    customers_may_come,
    fragment,
    needs,
    redirect,
    toast,
    whole,
)
from plugins.cross_sell import chances, marking, suggesting
from plugins.cross_sell.places import USE
from plugins.cross_sell.reasons import reason_items

blueprint = Blueprint("cross_sell_card", __name__, template_folder="templates")

_CAN_USE = needs(USE)


@blueprint.get("/for/<int:number>")
@_CAN_USE
def card(number: int) -> Response:
    """Show what fits the ticket, and why; or why nothing is offered."""
    return _card(number)


@blueprint.post("/for/<int:number>/seen")
@_CAN_USE
def seen(number: int) -> Response:
    """Note that what fits was shown; in the control share, that it would have been."""
    actor = current_actor()
    found = suggesting.fitting(actor, number)
    chances.show(actor, map(found.chance, found.matches))
    return Response(status=204)


@blueprint.post("/for/<int:number>/<int:offer_id>/insert")
@_CAN_USE
def insert(number: int, offer_id: int) -> Response:
    """Note that one was put into the answer; without scripts put it there and go back."""
    is_there = "inserted" in request.form
    try:
        told = marking.put_in(current_actor(), number, offer_id, _address(), puts_in=not is_there)
    except DeskError as refused:
        if not is_there:
            raise
        told = str(refused)
    if is_there:
        return Response(told, mimetype="text/plain")
    toast(told)
    return redirect(url_for("tickets.show", number=number, mode="reply"))


@blueprint.post("/for/<int:number>/<int:offer_id>/dismiss")
@_CAN_USE
def dismiss(number: int, offer_id: int) -> Response:
    """Put one away, with the reason."""
    marking.dismiss(current_actor(), number, offer_id, request.form.get("reason", ""))
    toast(_("Put away."))
    return _again(number)


@blueprint.post("/for/<int:number>/taken")
@_CAN_USE
def taken(number: int) -> Response:
    """Note that the ticket's customer took an offer: one that is named, or whose code was told."""
    offer_id = request.form.get("offer", 0, type=whole)
    name = marking.take(current_actor(), number, offer_id, request.form.get("code", ""))
    toast(_("Noted: “%(name)s” was taken.", name=name))
    return _again(number)


@blueprint.post("/for/<int:number>/taken/<int:chance_id>/back")
@_CAN_USE
def not_taken(number: int, chance_id: int) -> Response:
    """Take that back."""
    marking.not_taken(current_actor(), number, chance_id)
    toast(_("Taken back."))
    return _again(number)


@blueprint.get("/customers/<int:customer_id>")
@_CAN_USE
def customer(customer_id: int) -> Response:
    """Show whether a customer wants offers."""
    read_customer(current_actor(), customer_id)
    context = {"customer_id": customer_id, "past": chances.past_of(customer_id), "number": 0}
    return fragment("plugins/cross_sell/_wishes.html", context, title=_("Offers"))


@blueprint.post("/customers/<int:customer_id>/wishes")
@_CAN_USE
def wishes(customer_id: int) -> Response:
    """Keep that a customer wants no offers, or wants them again."""
    number = request.form.get("ticket", 0, type=whole)
    is_wanted = request.form.get("wants") == "1"
    marking.set_wish(current_actor(), customer_id, is_wanted=is_wanted)
    toast(_("Kept: offers are fine.") if is_wanted else _("Kept: no offers for this customer."))
    if number:
        return _again(number)
    return redirect(url_for("customers.show", customer_id=customer_id))


def _again(number: int) -> Response:
    """Answer with the card as it is now; without scripts go back to the ticket."""
    if "part" in request.form:
        return _card(number)
    return redirect(url_for("tickets.show", number=number))


def _card(number: int) -> Response:
    actor = current_actor()
    found = suggesting.fitting(actor, number)
    address = _address() if found.matches else ""
    context = {
        "found": found,
        "number": number,
        "customer_id": found.ticket.customer_id,
        "past": found.past,
        "suggestions": suggesting.suggestions(actor, found, address),
        "made": marking.made(found),
        "takable": marking.takable(found),
        "reasons": reason_items(),
        "is_counted": bool(address),
        "at": "tool" if request.values.get("at") == "tool" else "card",
    }
    return fragment("plugins/cross_sell/card.html", context, title=_("Offers"))


def _address() -> str:
    """Return where links for customers begin, "" while the customers' side is closed."""
    return absolute("") if customers_may_come() else ""
