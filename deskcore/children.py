"""The children of a running desk, as their parent sees them, and how one ends.

``Place`` and ``Child`` are all that a parent remembers; ``deskcore.resting`` writes them down.
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Literal, NoReturn

Kind = Literal["web", "worker"]

BACK_OFF_S = (0.2, 1.0, 2.0, 5.0, 15.0, 30.0)
KILL_AFTER_S = 30.0  # longer than web and worker take to finish what they began
RELIEVED = signal.SIGUSR2  # tells a web child that another one serves: it may finish at leisure


@dataclass(kw_only=True)
class Child:
    """One process, from its fork until it is reaped."""

    pid: int
    ready_fd: int = -1
    born: float = field(default_factory=monotonic)
    is_ready: bool = False
    generation: int | None = None  # of the set of plugins it was made with; None until it is ready


@dataclass(kw_only=True)
class Place:
    """A place for one child; ``leaving`` is its predecessor until it is ready.

    Those in ``draining`` finish what they began, which may take longer than the next change.
    ``wanted`` is the generation of the set of plugins that the latest change asked for, and
    ``refused`` one whose child did not come to life.
    """

    kind: Kind
    child: Child | None = None
    leaving: Child | None = None
    deaths: int = 0
    start_at: float = 0.0
    wanted: int | None = None
    refused: int | None = None
    draining: list[Child] = field(default_factory=list)

    def is_outdated(self, wanted: int) -> bool:
        """Whether its child is to be replaced by one of the generation *wanted*."""
        child = self.child
        if child is None or self.leaving is not None or not child.is_ready:
            return False
        return child.generation not in {None, wanted} and wanted != self.refused

    def replace(self) -> None:
        """Let the child serve until a new one is ready."""
        self.leaving, self.child = self.child, None
        self.start_at = 0.0

    def relieve(self) -> None:
        """Have the predecessor end: the child is ready."""
        if self.leaving is not None:
            tell(self.leaving, RELIEVED if self.kind == "web" else signal.SIGTERM)
            self.draining.append(self.leaving)
            self.leaving = None

    def put_off(self) -> None:
        """Let the next child wait, the longer the more have died in a row."""
        self.start_at = monotonic() + BACK_OFF_S[min(self.deaths, len(BACK_OFF_S)) - 1]


def tell(child: Child, number: int) -> None:
    """Send a signal, unless the child is gone."""
    with suppress(ProcessLookupError):
        os.kill(child.pid, number)


def say_ready(pipe: int, generation: int | None) -> None:
    """Tell the parent, from a child, that this one serves, made with this set of plugins."""
    os.write(pipe, json.dumps(generation).encode())
    os.close(pipe)


def hear_ready(child: Child) -> None:
    """Read what a child says of itself; nothing comes from one that is dead."""
    said = os.read(child.ready_fd, 64)
    if said:
        child.is_ready, child.generation = True, json.loads(said)


def is_readable(descriptor: int) -> bool:
    """Whether something can be read from *descriptor* without waiting."""
    poller = selectors.PollSelector()
    poller.register(descriptor, selectors.EVENT_READ)
    return bool(poller.select(0))


def end_with(lifeline: int) -> None:
    """Stop this process in order when the parent is gone; kill it when it does not stop."""
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    sleep(KILL_AFTER_S)
    os.kill(os.getpid(), signal.SIGKILL)


def leave() -> NoReturn:
    """End this process, whose work is done, without waiting for threads that plugins left."""
    atexit._run_exitfuncs()  # noqa: SLF001  the rest of Python's way out waits for every thread
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(os.EX_OK)
