"""Answers with the page of a ticket: the list it stands in beside it, the composer below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from flask import Response, request, url_for

from deskcore.domain.kinds import Category
from deskcore.domain.people import Actor
from deskcore.domain.views import Place, TicketList, TicketPage
from deskcore.services import (
    access,
    lists,
    news,
    plugin_places,
    ticket_fields,
    ticket_kinds,
    ticket_page,
)
from deskcore.theme.pages import page
from deskcore.web import htmx
from deskcore.web.composer import Composer, composer
from deskcore.web.identity import current_actor
from deskcore.web.plugin_parts import notes, panels, parts
from deskcore.web.ticket_words import (
    VIEW_NAMES,
    field_text,
    judged,
    next_statuses,
    statuses_after,
)

AFTER_CHANGE = ("list", "nav")


def show(
    number: int,
    *,
    fragment: str | None = None,
    also: Sequence[str] = ("side", "list-head"),
    status: int = 200,
    written: Composer | None = None,
) -> Response:
    """Answer with ticket *number*, or with the regions htmx wants and *also*."""
    actor = current_actor()
    ticket = ticket_page.read(actor, number, all_messages="all" in request.args)
    after = request.args.get("status", "")
    written = written or composer(ticket, mode=wanted_mode(), status=after)
    # What a click on a row loads stands beside a list that is there already.
    regions = (fragment or htmx.target_id(), *also) if htmx.is_partial() else ("list",)
    context = ticket_context(actor, ticket, written, with_list="list" in regions)
    return page("tickets/show.html", context, fragment=fragment, also=also, status=status)


def changed(number: int) -> Response:
    """Answer after a change of a ticket: its head, thread and list anew, or back to its page."""
    if htmx.is_partial():
        return show(number, fragment="ticket-head", also=("thread", "ticket-foot", *AFTER_CHANGE))
    return htmx.redirect(ticket_url(number))


def go_to(number: int) -> Response:
    """Answer after a change with another ticket, or with the view when there is no next one."""
    if not number:
        return htmx.redirect(url_for("inbox.view", view=wanted_view() or "open"))
    if not htmx.is_partial():
        return htmx.redirect(ticket_url(number))
    response = show(number, fragment="main", also=("side", *AFTER_CHANGE))
    return htmx.push_url(response, ticket_url(number))


class May(NamedTuple):
    """What the reader may do with a ticket."""

    reply: bool
    note: bool
    change: bool
    delete: bool


def ticket_context(
    actor: Actor, ticket: TicketPage, written: Composer, *, with_list: bool = True
) -> dict[str, object]:
    """Gather what the ticket's template is given; the rows beside it only *with_list*."""
    view = wanted_view() or natural_view(actor, ticket)
    listed, place = _standing(actor, view, ticket.number, with_list=with_list)
    return {
        "ticket": ticket,
        "judged": judged(ticket),
        "composer": written,
        "statuses": next_statuses(ticket),
        "after_answer": statuses_after(ticket),
        "listed": listed,
        "place": place,
        "current": ticket.number,
        "query": query_of(view),
        "mark": news.mark(actor, ticket.id),
        "arrived": 0,
        "may": May(*(access.can(actor, f"ticket.{name}") for name in May._fields)),
        "may_see_raw": access.can(actor, "attention.handle"),
        "panels": lambda: panels(plugin_places.panels(actor, ticket), place="desk_ticket_panels"),
        "actions": lambda: parts(
            plugin_places.actions(actor, ticket),
            "plugin_parts/_action.html",
            place="desk_ticket_actions",
        ),
        "offered": lambda: parts(
            plugin_places.composer_tools(actor, ticket),
            "plugin_parts/_tool.html",
            place="desk_composer_tools",
            beside={"number": ticket.number, "query": query_of(view)},
        ),
        "lines": lambda: tuple(
            (line.id, line.field.label, field_text(line)) for line in ticket_fields.lines(ticket.id)
        ),
        "remarks": lambda: notes(plugin_places.message_notes(actor, ticket)),
        "links": tuple(plugin_places.customer_links(actor, ticket.customer.id))
        if ticket.customer
        else (),
        "actor": actor,
    }


def _standing(actor: Actor, view: str, number: int, *, with_list: bool) -> tuple[TicketList, Place]:
    """Return the list beside a ticket, its rows only *with_list*, and where the ticket stands."""
    cursor, newest, kind = request.args.get("from", ""), is_newest(), wanted_kind()
    if with_list:
        listed = lists.page(actor, view, cursor=cursor, newest_first=newest, kind=kind)
        return listed, lists.place_of(listed, number)
    heading = lists.heading(view, newest_first=newest, kind=kind)
    found = lists.find_place(actor, view, number, cursor=cursor, newest_first=newest, kind=kind)
    return heading, found


def wanted_view() -> str:
    """Return the view the request names, "" for none or an unknown one."""
    view = request.args.get("v", "")
    return view if view in VIEW_NAMES else ""


def wanted_mode() -> str:
    """Return the kind of answer the request names, "" for none."""
    mode = request.args.get("mode", "")
    return mode if mode in {"reply", "note"} else ""


def wanted_kind() -> str:
    """Return the only kind of tickets the request wants to see, "" for all or an unknown one."""
    kind = request.args.get("kind", "")
    return kind if kind and kind in ticket_kinds.names() else ""


def is_newest() -> bool:
    """Whether the request wants the newest first."""
    return request.args.get("sort") == "newest"


def query_of(view: str) -> str:
    """Return the query string that keeps the list beside a ticket as it is, with its ``?``."""
    kept = {"v": view} | {
        name: request.args[name] for name in ("from", "sort") if request.args.get(name)
    }
    if kind := wanted_kind():
        kept |= {"kind": kind}
    return f"?{urlencode(kept)}"


def ticket_url(number: int) -> str:
    """Return the address of a ticket in the list the reader came from."""
    return url_for("tickets.show", number=number) + kept_query()


def kept_query() -> str:
    """Return the query string of the list the reader came from, "" when they came from none."""
    view = wanted_view()
    return query_of(view) if view else ""


def natural_view(actor: Actor, ticket: TicketPage) -> str:
    """Return the view a ticket stands in, for when it was not opened from one."""
    if ticket.is_spam:
        return "spam"
    if ticket.category == Category.SOLVED:
        return "solved"
    if ticket.category != Category.OPEN:
        return "waiting"
    if ticket.assignee_id is None:
        return "unassigned"
    return "mine" if ticket.assignee_id == actor.id else "open"
