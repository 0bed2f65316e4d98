"""News for an open page: nothing while nothing happened, else the regions that changed."""

from __future__ import annotations

from flask import Blueprint, Response, request

from deskcore.services import news, ticket_page
from deskcore.theme.pages import page
from deskcore.web import htmx
from deskcore.web.composer import composer
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.inbox import inbox_context
from deskcore.web.numbers import whole
from deskcore.web.ticket_view import ticket_context, wanted_view

blueprint = Blueprint("live", __name__)


@blueprint.get("/live")
@needs("ticket.read")
def poll() -> Response:
    """Answer 204, or with the changed regions; a list in use is only told how much is new.

    ``since`` is the mark of the page, ``id`` and ``number`` name its ticket, ``busy`` says that
    the reader points at the list or types in it, ``writing`` that the composer holds something.
    """
    since = request.args.get("since", "")
    now = news.mark(current_actor(), request.args.get("id", 0, type=whole))
    if since == now or not htmx.is_partial():
        return htmx.no_change()
    about_ticket = news.is_about_ticket(since, now)
    return _ticket_news(since, about_ticket=about_ticket) if _number() else _list_news(since)


def _list_news(since: str) -> Response:
    context = inbox_context(wanted_view() or "open")
    return page(
        "inbox/show.html", _told(context, since), fragment="live", also=(_list_region(), "nav")
    )


def _ticket_news(since: str, *, about_ticket: bool) -> Response:
    actor = current_actor()
    ticket = ticket_page.read(actor, _number())
    context = _told(ticket_context(actor, ticket, composer(ticket)), since)
    # What a composer asks, and the key its text is taken under once, stay while it is in use.
    foot = "ticket-seen" if request.args.get("writing") == "1" else "ticket-foot"
    own = ("ticket-head", "thread", foot) if about_ticket else ()
    return page("tickets/show.html", context, fragment="live", also=(*own, _list_region(), "nav"))


def _told(context: dict[str, object], since: str) -> dict[str, object]:
    if not _is_busy():
        return context
    # The list stays as it is under the reader's hand, so its news are news next time as well.
    mark = news.keep_list(since, str(context["mark"]))
    return context | {"arrived": news.arrived(current_actor(), since), "mark": mark}


def _list_region() -> str:
    return "list-news" if _is_busy() else "list"


def _is_busy() -> bool:
    return request.args.get("busy") == "1"


def _number() -> int:
    return request.args.get("number", 0, type=whole)
