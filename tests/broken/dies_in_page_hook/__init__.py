"""Ends the process when a ticket is shown."""

from __future__ import annotations

import os

from deskcore.plugin import Panel, hookimpl


@hookimpl
def desk_ticket_panels() -> list[Panel]:
    os._exit(7)
