"""Implements a hook whose name is misspelt."""

from __future__ import annotations

from deskcore.plugin import Panel, hookimpl


@hookimpl
def desk_ticket_pannels() -> list[Panel]:
    return []
