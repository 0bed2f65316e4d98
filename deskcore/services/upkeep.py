"""What has to be tidied now and then, by the clock."""

from __future__ import annotations

from datetime import timedelta

from deskcore.services import counters, delivery, files, form_keys, inbound, sessions
from deskcore.services.ticks import every


@every(timedelta(minutes=10), "upkeep.fold_counters")
def fold_counters() -> None:
    """Keep the counting of a list cheap."""
    counters.fold()


@every(timedelta(minutes=1), "upkeep.adopt_deliveries")
def adopt_deliveries() -> None:
    """Give messages that wait without a job one, whatever became of theirs."""
    delivery.adopt_orphans()


@every(timedelta(minutes=10), "upkeep.show_given_up")
def show_given_up() -> None:
    """Let no mail be stored and seen by nobody."""
    inbound.show_given_up()


@every(timedelta(days=1), "upkeep.sweep_files")
def sweep_files() -> None:
    """Remove bytes that nobody refers to any more."""
    while files.sweep():
        pass


@every(timedelta(days=1), "upkeep.forget_sessions")
def forget_sessions() -> None:
    """Keep addresses and browsers of people no longer than they are of use."""
    sessions.forget_old()


@every(timedelta(hours=6), "upkeep.forget_forms")
def forget_forms() -> None:
    """Remove keys of forms that no browser can still hold."""
    form_keys.forget_old()
