"""Whose turn it is to send, where a network counts: kept in the memory of each worker.

Nobody waits in a thread for a turn: a delivery is told when to come again, and its place is kept.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Lock
from time import monotonic

from deskcore.plugin.channel import Pace

_MOST_KEPT = 10_000
_KEPT_S = 600.0


class Turns:
    """The next free moment of each account and of each conversation in it."""

    def __init__(self, time: Callable[[], float] = monotonic) -> None:
        self._time = time
        self._lock = Lock()
        self._free: dict[tuple[int, int], float] = {}
        self._given: dict[int, float] = {}

    def wait_s(self, delivery_id: int, account_id: int, ticket_id: int, pace: Pace) -> float:
        """Return how long a delivery has to wait for its turn, 0 when that has come."""
        everybody, conversation = (account_id, 0), (account_id, ticket_id)
        with self._lock:
            now = self._time()
            at = self._given.pop(delivery_id, None)
            if at is None:
                free = (self._free.get(key, now) for key in (everybody, conversation))
                at = max(now, *free)
                self._free[everybody] = at + 1 / pace.a_second
                self._free[conversation] = at + pace.each.total_seconds()
            if at > now:
                self._given[delivery_id] = at
            self._forget(now)
            return max(0.0, at - now)

    def hold(self, account_id: int, after: timedelta) -> None:
        """Give out no turn of an account for a while: its network asked for patience."""
        with self._lock:
            until = self._time() + after.total_seconds()
            everybody = (account_id, 0)
            self._free[everybody] = max(until, self._free.get(everybody, until))

    def _forget(self, now: float) -> None:
        if len(self._free) > _MOST_KEPT or len(self._given) > _MOST_KEPT:
            until = now - _KEPT_S
            self._free = {key: at for key, at in self._free.items() if at > until}
            self._given = {key: at for key, at in self._given.items() if at > until}
