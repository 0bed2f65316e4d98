"""Lists of a shop's day: what is due today, what was missed; writing lists."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from deskcore.api import _
from deskcore.api.data import can, today
from deskcore.api.web import current_actor, needs, page, redirect, submit, toast
from plugins.stock_notes import lists
from plugins.stock_notes.forms import ListForm
from plugins.stock_notes.lists import ShopList
from plugins.stock_notes.places import KEEP, MANAGE, SEE

blueprint = Blueprint("stock_notes_lists", __name__, template_folder="templates")

_CAN_SEE, _CAN_KEEP, _CAN_MANAGE = needs(SEE), needs(KEEP), needs(MANAGE)


@blueprint.get("/lists")
@_CAN_SEE
def index() -> Response:
    """Show what is due today, and what was missed in the last week."""
    return _today()


@blueprint.get("/lists/<int:list_id>")
@_CAN_SEE
def show(list_id: int) -> Response:
    """Show a list on each day of the last two weeks, with who ticked what and when."""
    each, day = lists.one(list_id), today()
    context = {
        "shop_list": each,
        "runs": lists.history(each, day),
        "kinds": lists.KINDS,
        "days": lists.DAYS,
        "may_manage": can(current_actor(), MANAGE),
    }
    return page("plugins/stock_notes/list.html", context)


@blueprint.post("/lists/items/<int:item_id>/tick")
@_CAN_KEEP
def tick(item_id: int) -> Response:
    """Tick something for today."""
    lists.tick(current_actor(), item_id, is_done=True)
    return _done()


@blueprint.post("/lists/items/<int:item_id>/untick")
@_CAN_KEEP
def untick(item_id: int) -> Response:
    """Take a tick of today back."""
    lists.tick(current_actor(), item_id, is_done=False)
    return _done()


@blueprint.get("/lists/new")
@_CAN_MANAGE
def new() -> Response:
    """Ask for a new list."""
    return _form_page(ListForm(days=list("12345")))


@blueprint.post("/lists/new")
@_CAN_MANAGE
def create() -> Response:
    """Keep it."""
    form = _form()
    done = submit(form, lambda: lists.create(current_actor(), form.written()))
    if done is None:
        return _form_page(form, status=form.status)
    toast(_("Saved. It is due from today on."))
    return redirect(url_for("stock_notes_lists.index"))


@blueprint.get("/lists/<int:list_id>/edit")
@_CAN_MANAGE
def edit(list_id: int) -> Response:
    """Show its form."""
    each = lists.one(list_id)
    form = ListForm(
        name=each.name,
        kind=each.kind,
        place=each.place,
        days=list(each.days),
        items="\n".join(lists.words_of(list_id)),
        version=each.version,
    )
    return _form_page(form, shop_list=each)


@blueprint.post("/lists/<int:list_id>/edit")
@_CAN_MANAGE
def change(list_id: int) -> Response:
    """Change it."""
    each, form, actor = lists.one(list_id), _form(), current_actor()
    seen = form.seen()
    done = submit(form, lambda: lists.change(actor, list_id, form.written(), version=seen))
    if done is None:
        return _form_page(form, shop_list=each, status=form.status)
    toast(_("Saved."))
    return redirect(url_for("stock_notes_lists.show", list_id=list_id))


@blueprint.post("/lists/<int:list_id>/delete")
@_CAN_MANAGE
def delete(list_id: int) -> Response:
    """Delete it with all its days."""
    name = lists.remove(current_actor(), list_id)
    toast(_("“%(name)s” is deleted.", name=name))
    return redirect(url_for("stock_notes_lists.index"))


def _today() -> Response:
    known, day = lists.all_lists(), today()
    context = {
        "lists": known,
        "runs": lists.runs(known, day, day),
        "missed": lists.missed(known),
        "kinds": lists.KINDS,
        "may_keep": can(current_actor(), KEEP),
        "may_manage": can(current_actor(), MANAGE),
        "day": day,
    }
    return page("plugins/stock_notes/lists.html", context)


def _form() -> ListForm:
    form = ListForm()
    form.offer()
    return form


def _form_page(form: ListForm, *, shop_list: ShopList | None = None, status: int = 200) -> Response:
    form.offer()
    context = {"form": form, "shop_list": shop_list}
    return page("plugins/stock_notes/list_form.html", context, status=status)


def _done() -> Response:
    """Show today's lists anew in their place; a browser without scripts goes to their page."""
    away = redirect(url_for("stock_notes_lists.index"))
    return _today() if not away.location else away
