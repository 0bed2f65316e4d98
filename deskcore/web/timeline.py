"""Messages and what happened between them, in the order of time."""

from __future__ import annotations

from dataclasses import dataclass

from deskcore.domain.views import EventLine, MessageView, TicketPage

# That the ticket opened is what its first message says.
SILENT = frozenset({"ticket.opened"})


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
