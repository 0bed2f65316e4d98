"""The ready views: what waits, for whom, oldest first."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from deskcore.services import lists, nav_counts, news
from deskcore.theme.pages import page
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.ticket_view import is_newest, query_of, wanted_kind

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/")
@needs("ticket.read")
def home() -> AnyResponse:
    """Go to what nobody has taken yet; to all open ones when everything is taken."""
    counts = nav_counts.read(current_actor())
    view = "unassigned" if counts["unassigned"] or not counts["open"] else "open"
    return redirect(url_for("inbox.view", view=view), code=303)


@blueprint.get("/v/<view>")
@needs("ticket.read")
def view(view: str) -> Response:
    """Show one page of a view."""
    return page("inbox/show.html", inbox_context(view))


def inbox_context(view: str) -> dict[str, object]:
    """Gather what a view's template is given."""
    actor = current_actor()
    cursor = request.args.get("from", "")
    return {
        "listed": lists.page(
            actor, view, cursor=cursor, newest_first=is_newest(), kind=wanted_kind()
        ),
        "current": 0,
        "query": query_of(view),
        "mark": news.mark(actor),
        "arrived": 0,
        "actor": actor,
    }
