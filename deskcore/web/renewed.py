"""Waiting, in a page, until the processes of the desk are fresh ones."""

from __future__ import annotations

import os
import signal
from typing import Protocol

from flask import current_app

# A process with another set of plugins is ready in a second; a busy machine takes its time.
_SUCCESSOR_S = 20.0


class _Renewal(Protocol):
    def look(self) -> int | None:
        """Have this process replaced when the set of plugins is another by now; returns that one."""

    def wait(self, timeout_s: float) -> bool:
        """Wait for the successor."""

    def wait_for_set(self, wanted: int, timeout_s: float) -> bool:
        """Wait until every page comes from this set, or a later one."""


def await_successor(*, is_database_away: bool = False) -> bool:
    """Wait until pages come from a process with the new set; at once where none is supervised.

    While the database cannot say that there is a new set, the parent of this machine is told.
    """
    renewal: _Renewal | None = current_app.extensions.get("desk_renewal")
    if renewal is None:
        return True
    if is_database_away:
        os.kill(os.getppid(), signal.SIGHUP)
    elif (wanted := renewal.look()) is not None:
        return renewal.wait_for_set(wanted, _SUCCESSOR_S)
    return renewal.wait(_SUCCESSOR_S)
