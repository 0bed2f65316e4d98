"""Puts 50 MB beside every ticket."""

from __future__ import annotations

from deskcore.api import UserRef
from deskcore.plugin import Panel, TicketRef, hookimpl


@hookimpl
def desk_ticket_panels(ticket: TicketRef, user: UserRef) -> list[Panel]:
    return [Panel(title="All of it", body="tea " * 12_500_000)]
