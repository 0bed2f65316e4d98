"""The outbox: what waits with its undo, what failed, what left."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from deskcore import clock
from deskcore.services import notices, outbox
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor

blueprint = Blueprint("outbox", __name__)


@blueprint.get("/outbox")
@needs("ticket.read")
def show() -> Response:
    """Show outgoing messages by how far they have come."""
    actor = current_actor()
    return page("outbox/show.html", {"lines": outbox.read(actor), "now": clock.now()})


@blueprint.post("/outbox/<int:delivery_id>/discard")
@needs("people.manage")
def set_aside(delivery_id: int) -> Response:
    """Take a mail of the desk itself that did not arrive off the lists."""
    notices.set_aside(current_actor(), delivery_id)
    toast(_("Set aside."))
    return htmx.redirect("/attention" if request.form.get("back") == "attention" else "/outbox")
