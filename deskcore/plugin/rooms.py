"""How many threads of the worker one plugin may be inside of, so that it cannot take them all.

The worker has one thread more than that. Who finds no room waits a moment, as in any rush; when a
plugin has not let go of a single thread for a while, it hangs, and nobody waits for it any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition
from time import monotonic

WAIT_S = 2.0
STUCK_S = 5.0


class NoRoom(Exception):
    """The plugin was not asked, because it has all the threads it may have."""


class Rooms:
    """Counts the threads that are inside of each plugin."""

    def __init__(self, most: int = 4) -> None:
        self.most = most
        self._condition = Condition()
        self._inside: Counter[str] = Counter()
        self._full_since: dict[str, float] = {}

    @contextmanager
    def inside(self, slug: str) -> Iterator[None]:
        """Be inside of a plugin; raises ``NoRoom``."""
        with self._condition:
            patience = 0.0 if slug in self.stuck() else WAIT_S
            if not self._condition.wait_for(lambda: self._inside[slug] < self.most, patience):
                raise NoRoom(slug)
            self._inside[slug] += 1
            if self._inside[slug] == self.most:
                self._full_since[slug] = monotonic()
        try:
            yield
        finally:
            with self._condition:
                self._inside[slug] -= 1
                self._full_since.pop(slug, None)
                self._condition.notify_all()

    def stuck(self) -> list[str]:
        """Name the plugins that have let go of none of their threads for a while."""
        full = list(self._full_since.items())
        return [slug for slug, since in full if monotonic() - since > STUCK_S]
