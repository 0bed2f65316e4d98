"""How much each plugin may write into the log; what is over is counted and left out.

A disk that a plugin fills with its log stops everybody. Whose line it is, is found by the code that
writes it, whatever logger it uses.
"""

from __future__ import annotations

import logging
import sys
from collections import Counter
from threading import Lock
from time import monotonic

from deskcore.plugin.culprits import Culprits

A_MINUTE_S = 60.0
MOST_CHARACTERS = 1024 * 1024  # a minute, of one plugin


class LogBudget(logging.Filter):
    """Lets through what plugins may write in a minute, and everything of the desk's own."""

    def __init__(self, culprits: Culprits) -> None:
        super().__init__()
        self._culprits = culprits
        self._lock = Lock()
        self._begun = monotonic()
        self._written: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()
        self._told: set[str] = set()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is written."""
        slug = self._culprits.of_frame(sys._getframe(1))  # noqa: SLF001  as logging itself does
        if not slug:
            return True
        size = len(str(record.msg)) + (len(str(record.args)) if record.args else 0)
        with self._lock:
            if self._written[slug] + size > MOST_CHARACTERS:
                self._left_out[slug] += 1
                return False
            self._written[slug] += size
        return True

    def overdrawn(self) -> set[str]:
        """Return the plugins that wrote too much in this minute and were not named in it yet."""
        with self._lock:
            found = self._left_out.keys() - self._told
            self._told |= found
        return found

    def end_minute(self) -> dict[str, int]:
        """Begin a new minute when it is time; returns how many lines were left out, by plugin."""
        with self._lock:
            if monotonic() - self._begun < A_MINUTE_S:
                return {}
            left_out = dict(self._left_out)
            self._begun = monotonic()
            self._written.clear()
            self._left_out.clear()
            self._told.clear()
        return left_out
