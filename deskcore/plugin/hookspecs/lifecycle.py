"""Hooks about the life of the desk and its plugins.

Since: 1
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from deskcore.plugin.channel import HealthCheck
from deskcore.plugin.markers import hookspec


@hookspec
def desk_ready() -> None:
    """Hear that a process of the desk is complete: every plugin is loaded and registered.

    When: once in each process, web and worker, before its first page or job.
    Where: in that process, outside any transaction.
    Fault: is recorded; the desk goes on.
    """


@hookspec
def desk_activate(session: Session) -> None:
    """Make what the plugin needs to begin with, as rows of its own tables; only it is asked.

    It is not asked again when the plugin is resumed or upgraded.

    When: somebody activates the plugin, after its migrations.
    Where: in a process of its own, inside the transaction that makes it active.
    Fault: undoes the activation, tables included, and is shown to whoever activated it.
    """


@hookspec
def desk_deactivate(session: Session) -> None:
    """Let go of what is outside the desk, as a subscription at a platform; keep all data.

    Only the plugin is asked. It may be activated again.

    When: somebody deactivates the plugin.
    Where: in a process of its own, inside the transaction that makes it inactive.
    Fault: is shown; the plugin is inactive all the same.
    """


@hookspec
def desk_uninstall(session: Session) -> None:
    """Remove what is outside the database; only the plugin is asked.

    The desk removes the rest afterwards: the plugin's tables (``plg_<slug>_…``), settings, rights,
    waiting jobs and recorded errors, whose names begin with the slug.

    When: somebody uninstalls the plugin, before anything of it is removed.
    Where: in a process of its own, inside a transaction of its own.
    Fault: is shown; everything is removed all the same.
    """


@hookspec
def desk_health() -> list[HealthCheck]:
    """Say how what the plugin looks after is: a far side, a queue of its own.

    Admins read the lines on their page. ``network_of(slug)`` of ``deskcore.api.data`` is the network.

    When: every minute.
    Where: in the worker, outside any transaction, in a thread with two seconds.
    Fault: is shown as "unknown", and so is no answer in time.
    """
    raise NotImplementedError
