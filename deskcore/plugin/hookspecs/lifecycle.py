"""Hooks about the life of the desk and its plugins."""

from __future__ import annotations

from sqlalchemy.orm import Session

from deskcore.plugin.channel import HealthCheck
from deskcore.plugin.markers import hookspec


@hookspec
def desk_ready() -> None:
    """Say that a process of the desk is complete: every plugin is loaded and registered.

    Called once in each process, web and worker, before the first page or job. No transaction is
    open. A fault is recorded; the desk goes on.
    """


@hookspec
def desk_activate(session: Session) -> None:
    """Make what the plugin needs to begin with, as rows of its own tables; only it is asked.

    Called in a process of its own when somebody activates the plugin, after its migrations and
    inside the transaction that makes it active. Not called when it is resumed or upgraded. A
    fault undoes the activation, tables included.
    """


@hookspec
def desk_deactivate(session: Session) -> None:
    """Let go of what is outside the desk, as a subscription at a platform; keep all data.

    Called in a process of its own when somebody deactivates the plugin, inside the transaction
    that makes it inactive; only it is asked. A fault is shown; the plugin is inactive all the same.
    """


@hookspec
def desk_uninstall(session: Session) -> None:
    """Remove what is outside the database, before the desk removes the plugin's tables and rows.

    Called in a process of its own, inside a transaction of its own; only the plugin is asked. A
    fault is shown; everything is removed all the same.
    """


@hookspec
def desk_health() -> list[HealthCheck]:
    """Say how what the plugin looks after is: a far side, a queue of its own.

    Called in the worker every minute, outside any transaction, in a thread with two seconds; the
    network is open. Admins read the lines on their page. A fault, or no answer in time, is
    "unknown".
    """
    raise NotImplementedError
