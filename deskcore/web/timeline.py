"""Messages and what happened between them, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask import current_app
from markupsafe import Markup

from deskcore.domain.views import EventLine, MessageView, TicketPage
from deskcore.i18n import long_time, short_time
from deskcore.theme.kept import Kept, Piece, piece
from deskcore.web.messages import body_url
from deskcore.web.ticket_view import May
from deskcore.web.ticket_words import event_lines

# That the ticket opened is what its first message says.
SILENT = frozenset({"ticket.opened"})
NOBODYS: Mapping[int, Markup] = {}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One message, or the events between two messages."""

    message: MessageView | None = None
    events: tuple[EventLine, ...] = ()


def timeline(ticket: TicketPage) -> list[Entry]:
    """Return the entries of a thread; events before the first message shown come with it."""
    events = [event for event in ticket.events if event.name not in SILENT]
    entries: list[Entry] = []
    at = 0
    for message in ticket.messages:
        before = at
        while at < len(events) and events[at].at < message.at:
            at += 1
        if at > before:
            entries.append(Entry(events=tuple(events[before:at])))
        entries.append(Entry(message=message))
    if at < len(events):
        entries.append(Entry(events=tuple(events[at:])))
    return entries


def drawn_thread(
    ticket: TicketPage,
    query: str,
    *,
    may: May,
    may_see_raw: bool,
    remarks: Mapping[int, Markup] = NOBODYS,
) -> Markup:
    """Draw what was said and what happened; *query* is kept in the addresses of its forms.

    *remarks* are what plugins remark on messages, by message.
    """
    kept: Kept = current_app.extensions["desk_kept"]
    return kept.draw(_pieces(ticket, query, may=may, may_see_raw=may_see_raw, remarks=remarks))


def _pieces(
    ticket: TicketPage,
    query: str,
    *,
    may: May,
    may_see_raw: bool,
    remarks: Mapping[int, Markup],
) -> Iterator[Piece]:
    for entry in timeline(ticket):
        message = entry.message
        if message is None:
            yield piece("tickets/_events.html", lines=event_lines(entry.events))
            continue
        sent = message.delivery
        yield piece(
            "tickets/_message.html",
            message=message,
            number=ticket.number,
            query=query if sent or message.images.total or message.awaited else "",
            may_reply=may.reply,
            may_change=may.change,
            leaves=short_time(sent.run_at) if sent and sent.state == "queued" else "",
            has_original=message.has_raw and may_see_raw,
            body_address=body_url(message) if message.is_html else "",
            versions=tuple(
                (at.isoformat(), short_time(at), text) for at, text in message.changes.versions
            ),
            when=short_time(message.at),
            when_title=long_time(message.at),
            remarks=remarks.get(message.id, ""),
        )
