"""How many threads of a process one plugin may be inside of, so that it cannot take them all.

A process has more threads than that. Who finds no room waits a moment, as in any rush; when a
plugin has not let go of a single thread for a while, it hangs, and nobody waits for it any more. In
a worker, where what waits keeps other messages waiting, a moment is shorter.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition, Lock, get_ident
from time import monotonic

WAIT_S = 2.0
WORKER_WAIT_S = 0.1
STUCK_S = 5.0
LOST_S = 30.0  # browsers and the proxies before a desk wait no longer, either


class NoRoom(Exception):
    """The plugin was not asked, because it has all the threads it may have."""


@dataclass(frozen=True, kw_only=True)
class Stay:
    """One thread inside of a plugin."""

    thread: int
    slug: str
    place: str
    since: float


# The plugin, the place in it, and since when.
Inside = tuple[str, str, float]


class Rooms:
    """Knows which threads are inside of which plugin, the one entered last."""

    def __init__(self, most: int = 4) -> None:
        self.most = most
        self.wait_s: float | None = None
        self._condition = Condition(Lock())
        self._inside: dict[int, Inside] = {}
        self._waiting: Counter[str] = Counter()
        self._full_since: dict[str, float] = {}

    @contextmanager
    def inside(self, slug: str) -> Iterator[None]:
        """Be inside of a plugin, which may take its time; raises ``NoRoom``."""
        before = self.enter(slug, "")
        try:
            yield
        finally:
            self.leave(slug, before)

    def enter(self, slug: str, place: str) -> Inside | None:
        """Take room; returns what ``leave`` wants. A thread that is inside already needs no other."""
        thread, inside = get_ident(), self._inside
        before = inside.get(thread)
        if before is not None and before[0] == slug:
            return before
        inside[thread] = (slug, place, monotonic())
        if len(inside) >= self.most:
            self._look_for_room(thread, slug, before)
        return before

    def leave(self, slug: str, before: Inside | None) -> None:
        """Be again where this thread was before it entered."""
        if before is None:
            del self._inside[get_ident()]
        elif before[0] == slug:
            return
        else:
            self._inside[get_ident()] = before
        if self._full_since or self._waiting:
            with self._condition:
                self._full_since.pop(slug, None)
                self._condition.notify_all()

    def stuck(self) -> list[str]:
        """Name the plugins that have let go of none of their threads for a while."""
        full = list(self._full_since.items())
        return [slug for slug, since in full if monotonic() - since > STUCK_S]

    def lost(self) -> list[Stay]:
        """Return the threads that somebody waits for and that have not come back for very long."""
        return [
            Stay(thread=thread, slug=slug, place=place, since=since)
            for thread, (slug, place, since) in list(self._inside.items())
            if place and monotonic() - since > LOST_S
        ]

    def _count(self, slug: str) -> int:
        return sum(inside[0] == slug for inside in list(self._inside.values()))

    def _look_for_room(self, thread: int, slug: str, before: Inside | None) -> None:
        """See whether this thread, which counts already, is one too many, and have it wait then."""
        with self._condition:
            if self._count(slug) > self.most:
                entered = self._inside.pop(thread)
                if before is not None:
                    self._inside[thread] = before
                self._wait(slug)
                self._inside[thread] = (slug, entered[1], monotonic())
            if self._count(slug) >= self.most:
                self._full_since.setdefault(slug, monotonic())
                if self._count(slug) < self.most:  # somebody left meanwhile, who takes no lock
                    del self._full_since[slug]

    def _wait(self, slug: str) -> None:
        """Wait for room; those who wait hold threads, too, so there may not be many of them."""
        wait_s = WAIT_S if self.wait_s is None else self.wait_s
        is_hopeless = slug in self.stuck() or self._waiting[slug] >= 2 * self.most
        self._waiting[slug] += 1
        try:
            is_there = self._condition.wait_for(
                lambda: self._count(slug) < self.most, 0.0 if is_hopeless else wait_s
            )
        finally:
            self._waiting[slug] -= 1
            if not self._waiting[slug]:
                del self._waiting[slug]
        if not is_there:
            raise NoRoom(slug)
