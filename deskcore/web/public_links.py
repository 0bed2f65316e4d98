"""The key to a ticket's page for its customer: looked at, made anew and ended by agents."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import gettext as _

from deskcore.services import public_links
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.links import absolute
from deskcore.web.public_surface import this_public

blueprint = Blueprint("links", __name__, url_prefix="/t/<int:number>/link")


@blueprint.get("")
@needs("ticket.reply")
def show(number: int) -> Response:
    """Show the link, if there is one, and who may read by it."""
    found = public_links.key_of_ticket(current_actor(), number)
    link, address = (absolute(f"/r/{found[0]}"), found[1]) if found else ("", "")
    context = {"number": number, "link": link, "address": address, "is_on": this_public().is_on}
    return page("tickets/link.html", context)


@blueprint.post("/make")
@needs("ticket.reply")
def make(number: int) -> Response:
    """Make a link; an earlier one opens nothing from now on."""
    public_links.make_anew(current_actor(), number)
    toast(_("The link is made. Earlier ones open nothing any more."))
    return htmx.redirect(f"/t/{number}/link")


@blueprint.post("/end")
@needs("ticket.reply")
def end(number: int) -> Response:
    """End every link of the ticket."""
    public_links.revoke(current_actor(), number)
    toast(_("The link opens nothing any more."))
    return htmx.redirect(f"/t/{number}/link")
