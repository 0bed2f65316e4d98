"""How often a plugin may fail before it is left alone for a while."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable
from threading import Lock
from time import monotonic

FAULTS_ALLOWED = 5
WINDOW_S = 600.0
SLOW_S = 2.0
SLOW_ALLOWED = 3


class Strikes:
    """Counts faults and slow calls by key, in this process only."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._times: defaultdict[tuple[Hashable, str], deque[float]] = defaultdict(deque)
        self._rests_until: dict[Hashable, float] = {}

    def is_resting(self, key: Hashable) -> bool:
        """Whether the key is left alone at this moment."""
        until = self._rests_until.get(key)
        return until is not None and self._clock() < until

    def fault(self, key: Hashable) -> bool:
        """Count a fault; True when it is one too many."""
        return self._count(key, "fault", FAULTS_ALLOWED)

    def slow(self, key: Hashable, seconds: float) -> bool:
        """Count a call that took *seconds*, when that is too slow; True at one too many."""
        return seconds > SLOW_S and self._count(key, "slow", SLOW_ALLOWED)

    def rest(self, key: Hashable, seconds: float = float("inf")) -> None:
        """Leave the key alone for *seconds* from now and start counting afresh."""
        with self._lock:
            self._rests_until[key] = self._clock() + seconds
            for what in ("fault", "slow"):
                self._times.pop((key, what), None)

    def _count(self, key: Hashable, what: str, allowed: int) -> bool:
        with self._lock:
            times = self._times[key, what]
            times.append(self._clock())
            while times and times[0] < self._clock() - WINDOW_S:
                times.popleft()
            return len(times) >= allowed
