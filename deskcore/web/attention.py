"""Needs attention: what could not be read, held mail, messages that did not leave, lost accounts."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import gettext as _

from deskcore.services import attention, attention_list
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.messages import download

blueprint = Blueprint("attention", __name__, url_prefix="/attention")

SHOWN_BYTES = 200_000


@blueprint.get("")
@needs("attention.handle")
def show() -> Response:
    """List everything that waits for a person."""
    return page("attention/show.html", {"waiting": attention_list.read(current_actor())})


@blueprint.get("/<int:item_id>")
@needs("attention.handle")
def source(item_id: int) -> Response:
    """Show the raw mail as text."""
    content = attention.raw(current_actor(), item_id)
    text = content[:SHOWN_BYTES].decode("utf-8", "replace")
    context = {"item_id": item_id, "text": text, "is_cut": len(content) > SHOWN_BYTES}
    return page("attention/source.html", context)


@blueprint.get("/<int:item_id>/raw")
@needs("attention.handle")
def raw(item_id: int) -> Response:
    """Hand out the raw mail as a file."""
    return download(attention.raw(current_actor(), item_id), f"item-{item_id}.eml")


@blueprint.post("/<int:item_id>/retry")
@needs("attention.handle")
def retry(item_id: int) -> Response:
    """Try to read the mail again."""
    attention.retry_item(current_actor(), item_id)
    toast(_("It will be tried again in a moment."))
    return htmx.redirect("/attention")


@blueprint.post("/<int:item_id>/discard")
@needs("attention.handle")
def discard(item_id: int) -> Response:
    """Take the mail off the list; its bytes stay for now."""
    attention.discard_item(current_actor(), item_id)
    toast(_("Set aside."))
    return htmx.redirect("/attention")
