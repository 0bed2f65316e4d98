"""How a child learns that the set of plugins is another by now, and has itself replaced.

The database holds the set's generation. A child that was made with another one writes the new one
into ``instance/boot/generation`` and tells its parent, which knows no database: it starts fresh
children, and the old ones serve until those are ready.
"""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Thread

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from deskcore.logs import get_logger
from deskcore.services import plugin_records

log = get_logger(__name__)

LOOK_S = 1.0
TELL_AGAIN_S = 20.0  # a parent that could not replace this child may be able to by now
TOLD = signal.SIGUSR1
_FILE = "generation"


def wanted(boot: Path) -> int | None:
    """Return the generation that a child asked for last; for parents, when they were told."""
    try:
        return int((boot / _FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


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
        """Look every second until the process ends; nothing to look for when the set is fixed."""
        if self.generation is not None:
            Thread(target=self._watch, name="renewal", daemon=True).start()

    def look(self) -> None:
        """Tell the parent when this child is of an older set."""
        try:
            with self._app.app_context():
                now = plugin_records.generation()
        except SQLAlchemyError:
            return  # who cannot read it is told of by everything else
        with self._lock:
            if now not in {self.generation, self._told}:
                self._tell(now)

    def ended(self) -> None:
        """Say, from the server, that a successor is ready and this child finishes what it began."""
        self._succeeded.set()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the successor; False when there was none in time."""
        return self._succeeded.wait(timeout_s)

    def _tell(self, now: int) -> None:
        fresh = self._boot / f"{_FILE}.{os.getpid()}"
        fresh.write_text(str(now), encoding="ascii")
        fresh.replace(self._boot / _FILE)
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
