"""Hooks about the life of the desk and its plugins.

Since: 1
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from deskcore.plugin.channel import HealthCheck
from deskcore.plugin.markers import hookspec


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
    """Stop what must not go on by itself when the plugin is activated again; keep all data.

    Only the plugin is asked. It may stay inactive for a year.

    When: somebody deactivates the plugin.
    Where: in a process of its own, inside the transaction that makes it inactive.
    Fault: is shown; the plugin is inactive all the same.
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
