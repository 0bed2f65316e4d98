"""Hooks for places in pages: asked at every request, read only.

A fault leaves the plugin's part out of the page. Five faults in ten minutes, or three calls over
two seconds, pause the plugin in this process.
"""

from __future__ import annotations

from deskcore.domain.people import UserRef
from deskcore.plugin.markers import hookspec
from deskcore.plugin.parts import Panel, TicketRef


@hookspec
def desk_ticket_panels(ticket: TicketRef, user: UserRef) -> list[Panel]:
    """Show boxes beside a ticket, ordered by ``Panel.order``, then by the plugin's slug."""
    raise NotImplementedError
