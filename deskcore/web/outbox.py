"""The outbox: what waits with its undo, what failed, what left."""

from __future__ import annotations

from flask import Blueprint, Response

from deskcore import clock
from deskcore.services import outbox
from deskcore.theme.pages import page
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor

blueprint = Blueprint("outbox", __name__)


@blueprint.get("/outbox")
@needs("ticket.read")
def show() -> Response:
    """Show outgoing messages by how far they have come."""
    actor = current_actor()
    return page("outbox/show.html", {"lines": outbox.read(actor), "now": clock.now()})
