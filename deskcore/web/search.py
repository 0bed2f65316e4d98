"""Search: one field, tickets and people."""

from __future__ import annotations

from flask import Blueprint, Response, request

from deskcore.services import search_query, search_terms, ticket_kinds
from deskcore.theme.pages import page
from deskcore.web import htmx
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.ticket_view import ticket_url

blueprint = Blueprint("search", __name__)


@blueprint.get("/search")
@needs("ticket.read")
def search() -> Response:
    """Show what the query finds; a bare ticket number goes straight to the ticket."""
    actor = current_actor()
    found = search_query.find(actor, request.args.get("q", ""), after=request.args.get("from", ""))
    if found.jump_to and not htmx.is_partial():
        return htmx.redirect(ticket_url(found.jump_to))
    context = {
        "found": found,
        "current": 0,
        "query": "",
        "terms": search_terms.known,
        "kinds": ticket_kinds.known,
    }
    return page("search/show.html", context)
