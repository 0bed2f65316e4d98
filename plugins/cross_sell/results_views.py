"""What came of offers: figures, and the list behind each of them."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Response, abort, request, url_for
from sqlalchemy import Row

from deskcore.api import DeskError, _
from deskcore.api.data import read_tickets, settings_of
from deskcore.api.web import current_actor, needs, page, redirect, toast, whole
from plugins.cross_sell import marking, offers, results
from plugins.cross_sell.places import MANAGE, SLUG, USE
from plugins.cross_sell.reasons import reason_text
from plugins.cross_sell.settings import OfferSettings
from plugins.cross_sell.words import figure_words

blueprint = Blueprint("cross_sell_results", __name__, template_folder="templates")

_CAN_MANAGE, _CAN_USE = needs(MANAGE.name), needs(USE)
_NOT_FOUND = 404


@blueprint.get("/results")
@_CAN_MANAGE
def index() -> Response:
    """Show the figures of a time, and what they tell."""
    days = _days()
    total, *each = results.figures(current_actor(), days=days)
    context = {
        "total": total,
        "each": each,
        "days": days,
        "periods": results.PERIODS,
        "words": figure_words(),
        "control_percent": settings_of(SLUG, OfferSettings).control_percent,
    }
    return page("plugins/cross_sell/results.html", context)


@blueprint.get("/results/<figure>")
@_CAN_MANAGE
def behind(figure: str) -> Response:
    """Show what a figure counts."""
    actor, days, offer_id = current_actor(), _days(), request.args.get("offer", 0, type=whole)
    if figure == "handed_in":
        rows = results.handed_in(actor, days=days, offer_id=offer_id)
        return page("plugins/cross_sell/handed_in.html", {"rows": rows, "days": days})
    if figure not in results.FIGURES:
        abort(_NOT_FOUND)
    after = request.args.get("after", 0, type=whole)
    rows = results.behind(actor, figure, days=days, offer_id=offer_id, after=after)
    shown = rows[: results.LISTED]
    context = {
        "title": figure_words()[figure],
        "rows": shown,
        "tickets": read_tickets(actor, [row.ticket_id for row in shown]),
        "reason": reason_text,
        "days": days,
        "next_url": _next(figure, rows),
    }
    return page("plugins/cross_sell/behind.html", context)


@blueprint.get("/codes")
@_CAN_USE
def codes() -> Response:
    """Ask which code was handed in, by how many."""
    known = [offer for offer in offers.every() if offer.code]
    return page("plugins/cross_sell/codes.html", {"offers": known, "code": "", "problem": ""})


@blueprint.post("/codes")
@_CAN_USE
def hand_in() -> Response:
    """Note it."""
    code, amount = request.form.get("code", ""), request.form.get("amount", 0, type=whole)
    try:
        name = marking.hand_in(current_actor(), code, amount)
    except DeskError as refused:
        known = [offer for offer in offers.every() if offer.code]
        context = {"offers": known, "code": code, "problem": str(refused)}
        return page("plugins/cross_sell/codes.html", context, status=422)
    toast(_("Noted for “%(name)s”.", name=name))
    return redirect(url_for("cross_sell_results.codes"))


def _days() -> int:
    days = request.args.get("days", 90, type=whole)
    return days if days in results.PERIODS else 90


def _next(figure: str, rows: Sequence[Row[tuple[object, ...]]]) -> str:
    if len(rows) <= results.LISTED:
        return ""
    last = rows[results.LISTED - 1].id
    query = {"days": _days(), "offer": request.args.get("offer"), "after": last}
    return url_for("cross_sell_results.behind", figure=figure, **query)
