"""The pages of places: shops, stores, shelves."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from deskcore.api import _
from deskcore.api.data import can
from deskcore.api.web import current_actor, needs, page, redirect, submit, text_of, toast
from plugins.catalogue import shops
from plugins.catalogue.forms import PlaceForm, place_form
from plugins.catalogue.rights import CHANGE, READ

blueprint = Blueprint("catalogue_places", __name__, template_folder="templates")

_CAN_READ, _CAN_CHANGE = needs(READ.name), needs(CHANGE.name)


@blueprint.get("/places")
@_CAN_READ
def index() -> Response:
    """List the places."""
    return _list_page(place_form())


@blueprint.post("/places")
@_CAN_CHANGE
def create() -> Response:
    """Add one."""
    form, actor = place_form(), current_actor()
    done = submit(form, lambda: shops.create(actor, text_of(form.name), text_of(form.note)))
    if done is None:
        return _list_page(form, status=form.status)
    toast(_("Added. Each product has a field for its stock there now."))
    return redirect(url_for("catalogue_places.index"))


@blueprint.get("/places/<int:place_id>")
@_CAN_CHANGE
def edit(place_id: int) -> Response:
    """Show its form."""
    place = shops.one(current_actor(), place_id)
    return page("plugins/catalogue/place.html", {"form": place_form(place), "place": place})


@blueprint.post("/places/<int:place_id>")
@_CAN_CHANGE
def change(place_id: int) -> Response:
    """Rename it."""
    actor = current_actor()
    place, form = shops.one(actor, place_id), place_form()
    done = submit(
        form, lambda: shops.change(actor, place_id, text_of(form.name), text_of(form.note))
    )
    if done is None:
        context = {"form": form, "place": place}
        return page("plugins/catalogue/place.html", context, status=form.status)
    toast(_("Saved."))
    return redirect(url_for("catalogue_places.index"))


@blueprint.post("/places/<int:place_id>/up")
@_CAN_CHANGE
def move_up(place_id: int) -> Response:
    """Put it before the one above it."""
    shops.move_up(current_actor(), place_id)
    return redirect(url_for("catalogue_places.index"))


@blueprint.post("/places/<int:place_id>/delete")
@_CAN_CHANGE
def delete(place_id: int) -> Response:
    """Delete it with what was counted there."""
    name = shops.remove(current_actor(), place_id)
    toast(_("“%(name)s” is deleted, with what was counted there.", name=name))
    return redirect(url_for("catalogue_places.index"))


def _list_page(form: PlaceForm, *, status: int = 200) -> Response:
    actor = current_actor()
    context = {
        "form": form,
        "places": shops.listed(actor),
        "may_change": can(actor, CHANGE.name),
    }
    return page("plugins/catalogue/places.html", context, status=status)
