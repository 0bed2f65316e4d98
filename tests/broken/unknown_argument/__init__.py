"""Implements a hook with a misspelt argument."""

from __future__ import annotations

from deskcore.plugin import Panel, TicketRef, hookimpl


@hookimpl
def desk_ticket_panels(tickt: TicketRef) -> list[Panel]:
    return []
