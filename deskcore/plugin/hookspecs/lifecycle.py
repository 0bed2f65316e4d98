"""Hooks about the life of the desk and its plugins."""

from __future__ import annotations

from deskcore.plugin.markers import hookspec


@hookspec
def desk_ready() -> None:
    """Say that a process of the desk is complete: every plugin is loaded and registered.

    Called once in each process, web and worker, before the first page or job. No transaction is
    open. A fault is recorded; the desk goes on.
    """
