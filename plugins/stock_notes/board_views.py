"""The restock board, who waits for one product, and what was asked for and not there."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from deskcore.api import Invalid, _
from deskcore.api.data import can
from deskcore.api.web import current_actor, needs, page, redirect, text_of, toast, whole
from plugins.stock_notes import asks, board, products, waits
from plugins.stock_notes.forms import MoveForm, day_in
from plugins.stock_notes.places import KEEP, SEE, TELL

blueprint = Blueprint("stock_notes_board", __name__, template_folder="templates")

_CAN_SEE, _CAN_KEEP = needs(SEE), needs(KEEP)
_PAGE = 50


@blueprint.get("/restock")
@_CAN_SEE
def show() -> Response:
    """Show the board."""
    return _board()


@blueprint.post("/restock/<int:card_id>/move")
@_CAN_KEEP
def move(card_id: int) -> Response:
    """Move a card; who moved it meanwhile is named, and nothing is moved."""
    form, actor = MoveForm(), current_actor()
    try:
        key = board.move(actor, card_id, text_of(form.lane), version=form.seen())
    except Invalid as refused:
        return _refused(refused)
    lane = _(board.LANES[text_of(form.lane)])
    toast(_("“%(name)s” is in “%(lane)s”.", name=products.names([key])[key], lane=lane))
    return _done()


@blueprint.post("/restock/<int:card_id>/expect")
@_CAN_KEEP
def expect(card_id: int) -> Response:
    """Say when it is expected."""
    form, actor = MoveForm(), current_actor()
    try:
        board.expect(actor, card_id, day_in(form.expected), version=form.seen())
    except Invalid as refused:
        return _refused(refused)
    toast(_("Saved."))
    return _done()


@blueprint.post("/restock/<int:card_id>/remove")
@_CAN_KEEP
def remove(card_id: int) -> Response:
    """Take it off the board."""
    key = board.remove(current_actor(), card_id)
    name = products.names([key])[key]
    toast(_("“%(name)s” is off the board. Who waits for it goes on waiting.", name=name))
    return _done()


@blueprint.post("/restock/watch")
@_CAN_KEEP
def watch() -> Response:
    """Put a product on the board."""
    key = request.form.get("product", "")[:200].replace("\x00", "")
    if key:
        board.begin_watching(current_actor(), key)
        toast(_("It is on the board."))
    return redirect(url_for("stock_notes_board.show"))


@blueprint.get("/restock/<int:card_id>/waiting")
@_CAN_SEE
def waiting(card_id: int) -> Response:
    """Show who waits for a product, the longest waiting first."""
    key, since = board.product_of(card_id), request.args.get("since", 0, type=whole)
    found = waits.of_product(current_actor(), key, since=since, limit=_PAGE + 1)
    context = {
        "card_id": card_id,
        "name": products.names([key])[key],
        "found": found[:_PAGE],
        "next": found[_PAGE - 1][0].id if len(found) > _PAGE else 0,
        "count": waits.counts([key]).get(key, 0),
        "may_keep": can(current_actor(), KEEP),
    }
    return page("plugins/stock_notes/waiting.html", context)


@blueprint.get("/demand")
@_CAN_SEE
def demand() -> Response:
    """Show what was asked for and not there."""
    found, heard = asks.unmet(current_actor())
    context = {
        "found": found,
        "heard": heard,
        "days": asks.LOOKED_BACK.days,
        "may_keep": can(current_actor(), KEEP),
    }
    return page("plugins/stock_notes/demand.html", context)


def _board(*, problem: str = "", status: int = 200) -> Response:
    actor = current_actor()
    context = {
        "board": board.read(),
        "lanes": board.LANES,
        "problem": problem,
        "may_keep": can(actor, KEEP),
        "may_tell": can(actor, TELL) and can(actor, "ticket.reply"),
    }
    return page("plugins/stock_notes/board.html", context, status=status)


def _refused(refused: Invalid) -> Response:
    """Show the board as it is now, with what was not done."""
    return _board(problem=str(refused), status=422)


def _done() -> Response:
    """Show the board anew in its place; a browser without scripts goes to its page."""
    away = redirect(url_for("stock_notes_board.show"))
    return _board() if not away.location else away
