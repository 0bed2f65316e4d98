"""How a child learns that the set of plugins is another by now, and has itself replaced.

The database holds the set's generation. A child that was made with another one writes the new one
into ``instance/boot/generation`` and tells its parent, which knows no database: it starts fresh
children, and the old ones serve until those are ready. The parent writes into ``serving`` there
which set pages come from by then.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread
from time import monotonic, sleep

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from deskcore.logs import get_logger
from deskcore.services import plugin_records

log = get_logger(__name__)

LOOK_S = 1.0
TELL_AGAIN_S = 20.0  # a parent that could not replace this child may be able to by now
TOLD = signal.SIGUSR1
_WANTED = "generation"
_SERVING = "serving"
_ASK_AGAIN_S = 0.05


def wanted(boot: Path) -> int | None:
    """Return the generation that a child asked for last; for parents, when they were told."""
    return _read(boot / _WANTED)


def note_serving(boot: Path, generations: Iterable[int | None]) -> None:
    """Write down, in a parent, the oldest set that pages come from: one for each child of its.

    Nothing is raised where the disk takes nothing, or the desk would end with its parent; whoever
    waits for the set is told after a while that it could not be seen to come.
    """
    known = [each for each in generations if each is not None]
    if known:
        with suppress(OSError):
            _write(boot / _SERVING, min(known))


def _read(path: Path) -> int | None:
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def _write(path: Path, generation: int) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_text(str(generation), encoding="ascii")
    fresh.replace(path)


class Renewal:
    """Compares, in a child, the set it was made with to the one that is wanted."""

    def __init__(self, app: Flask, boot: Path) -> None:
        self._app = app
        self._boot = boot
        self.generation: int | None = app.extensions["desk_plugins"].choice.generation
        self._parent = os.getppid()
        self._told = -2  # neither a generation nor the mark of none
        self._lock = Lock()
        self._succeeded = Event()
        app.extensions["desk_renewal"] = self

    def start(self) -> None:
        """Look every second until the process ends."""
        Thread(target=self._watch, name="renewal", daemon=True).start()

    def look(self) -> int | None:
        """Tell the parent when this child is of an older set; returns the one that is wanted.

        None when the database does not say.
        """
        try:
            with self._app.app_context():
                now = plugin_records.generation()
        except SQLAlchemyError:
            return None  # who cannot read it is told of by everything else
        with self._lock:
            if now not in {self.generation, self._told}:
                self._tell(now)
        return now

    def ended(self) -> None:
        """Say, from the server, that a successor is ready and this child finishes what it began."""
        self._succeeded.set()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the successor; False when there was none in time."""
        return self._succeeded.wait(timeout_s)

    def wait_for_set(self, wanted: int, timeout_s: float) -> bool:
        """Wait until every page comes from this set, or a later one; False when not in time.

        The successor alone does not tell: it may be of a change that came before that one.
        """
        ends = monotonic() + timeout_s
        while (_read(self._boot / _SERVING) or 0) < wanted:
            if monotonic() > ends:
                return False
            sleep(_ASK_AGAIN_S)
        return True

    def _tell(self, now: int) -> None:
        _write(self._boot / _WANTED, now)
        self._told = now
        if os.getppid() == self._parent:
            log.info("the set of plugins has changed", generation=now)
            os.kill(self._parent, TOLD)

    def _watch(self) -> None:
        waited = 0.0
        while not self._succeeded.wait(LOOK_S):
            waited += LOOK_S
            if waited >= TELL_AGAIN_S:
                waited, self._told = 0.0, -2
            with suppress(OSError):
                self.look()
