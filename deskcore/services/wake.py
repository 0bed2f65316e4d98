"""The bell between processes: huey's queue says "there is work", the ``job`` table says what.

Nothing is kept in it. It holds no arguments, may be lost or deleted at any time, and a worker
looks for due work every second anyway.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

from huey import SqliteHuey
from huey.registry import Message
from huey.serializer import Serializer

from deskcore.logs import get_logger
from deskcore.services.unit import on_wake

log = get_logger(__name__)

_FILE = "huey.db"
_ENOUGH = 32  # bells waiting to be heard; more would say nothing new


class PlainMessages(Serializer):  # type: ignore[misc]  # huey ships no types
    """JSON instead of pickle: whoever can write the file cannot run code with it."""

    def _serialize(self, data: Message) -> bytes:
        return json.dumps(data, default=str).encode()

    def _deserialize(self, data: bytes) -> Message:
        return Message(*json.loads(data))


class Bell:
    """Rings in every worker that uses the same instance folder. Make it after a fork."""

    def __init__(self, instance: Path, work: Callable[[], None] | None = None) -> None:
        self._work = work
        self.huey = _open(instance / _FILE)
        self._ring = self.huey.task(name="work")(self._heard)

    def ring(self) -> None:
        """Ask some worker thread to look for work; never fails, since the worker looks anyway."""
        try:
            if self.huey.storage.queue_size() < _ENOUGH:
                self._ring()
        except sqlite3.Error as error:
            log.warning("the bell could not be rung", exc_info=error)

    def ring_after_commits(self) -> None:
        """Ring after every commit of this process that leaves work."""
        on_wake(self.ring)

    def _heard(self) -> None:
        if self._work is not None:
            self._work()


def _open(path: Path) -> SqliteHuey:
    try:
        return _huey(path)
    except sqlite3.DatabaseError:
        for suffix in ("", "-wal", "-shm"):  # damaged: it holds nothing worth keeping
            Path(f"{path}{suffix}").unlink(missing_ok=True)
        return _huey(path)


def _huey(path: Path) -> SqliteHuey:
    return SqliteHuey(
        "desk",
        filename=str(path),
        results=False,
        fsync=False,
        cache_mb=1,
        serializer=PlainMessages(),
    )
