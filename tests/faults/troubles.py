"""What a server of ours is told to do wrong: at which command, in which way, how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Lock
from typing import Literal

How = Literal["close", "cut", "stall", "answer", "late", "drop"]
ANY = ""
LONG_S = 3600.0  # how long a stall lasts unless the client or the test ends it


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One thing that goes wrong, at the *at*-th command called *verb* (or the *at*-th of all).

    ``close`` ends the line before the command is obeyed, ``drop`` after it, with the answer kept
    back. ``cut`` ends it after *byte* bytes of the answer. ``stall`` says nothing and keeps the line.
    ``answer`` says *words* and does nothing. ``late`` obeys and answers after *seconds*.
    """

    how: How
    verb: str = ANY
    at: int = 1
    times: int = 1
    byte: int = 0
    words: str = ""
    seconds: float = 0.0

    def is_due(self, verb: str, count: int) -> bool:
        """Whether it happens at this command, which is the *count*-th of those it is about."""
        return self.verb in (ANY, verb) and self.at <= count < self.at + self.times


@dataclass
class Troubles:
    """The troubles of one server; commands are counted from the moment one is planned."""

    planned: list[tuple[Trouble, Counter[str]]] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)
    ended: Event = field(default_factory=Event)
    on_met: Callable[[Trouble], None] | None = None
    _lock: Lock = field(default_factory=Lock)

    def plan(self, *troubles: Trouble) -> None:
        """Have these happen from now on."""
        with self._lock:
            self.ended.clear()
            self.planned.extend((trouble, Counter()) for trouble in troubles)

    def end(self) -> None:
        """Have nothing more go wrong, and let stalled lines end."""
        with self._lock:
            self.planned.clear()
            self.ended.set()

    @property
    def met(self) -> int:
        """How many troubles have happened at least once."""
        return sum(bool(counts["met"]) for _, counts in self.planned)

    def next(self, verb: str) -> Trouble | None:
        """Count a command and say what goes wrong at it."""
        with self._lock:
            self.passed.append(verb)
            due = None
            for trouble, counts in self.planned:
                if trouble.verb in (ANY, verb):
                    counts["seen"] += 1
                    if due is None and trouble.is_due(verb, counts["seen"]):
                        counts["met"] += 1
                        due = trouble
        if due is not None and self.on_met is not None:
            self.on_met(due)
        return due
