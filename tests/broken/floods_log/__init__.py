"""Writes 20 MB into the log whenever a ticket is looked at."""

from __future__ import annotations

import logging

from deskcore.api import UserRef
from deskcore.plugin import Panel, TicketRef, hookimpl


@hookimpl
def desk_ticket_panels(ticket: TicketRef, user: UserRef) -> list[Panel]:
    for _ in range(2000):
        logging.getLogger("anything").warning("tea " * 2500)
    return []
