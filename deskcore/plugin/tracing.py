"""Tells whoever asks at the server (``desk trace``) of each call of one plugin's code.

Who asks makes a file in ``instance/trace`` and keeps it locked; processes append a line for each
call. While nobody asks, a call costs one comparison: the folder is looked at once a second.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import current_thread
from time import monotonic

from deskcore.clock import now
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.marks import is_abandoned

FOLDER = "trace"
SUFFIX = ".trace"
LOOK_S = 1.0
MOST_BYTES = 8 * 1024 * 1024  # whoever reads so slowly has seen enough


@dataclass(frozen=True, kw_only=True)
class Call:
    """One call of a plugin's code: where, by which thread, how long, and what came of it."""

    at: str
    process: str
    place: str
    doing: str
    ms: float
    outcome: str


class Trace:
    """The files in which somebody wants to read of calls; one of each process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._look_at = 0.0
        self._asked: dict[str, list[Path]] = {}

    def is_asked(self, slug: str, moment: float) -> bool:
        """Whether calls of a plugin are to be told, at a *moment* of the guard's stopwatch."""
        if moment >= self._look_at:
            self._look_at = moment + LOOK_S
            self._look()
        return slug in self._asked

    @contextmanager
    def telling(self, slug: str, place: str, doing: str) -> Iterator[None]:
        """Append the call inside to the files that ask for it, with its time and outcome."""
        started, outcome = monotonic(), "well"
        try:
            yield
        except BaseException as error:
            outcome = _outcome(error)
            raise
        finally:
            call = Call(
                at=now().isoformat(timespec="milliseconds"),
                process=f"{os.getpid()} {current_thread().name}",
                place=place,
                doing=doing,
                ms=round((monotonic() - started) * 1000, 2),
                outcome=outcome,
            )
            line = f"{json.dumps(asdict(call))}\n".encode()
            for path in self._asked.get(slug, ()):
                with suppress(OSError):
                    _append(path, line)

    def _look(self) -> None:
        asked: dict[str, list[Path]] = defaultdict(list)
        with suppress(OSError):
            for entry in os.scandir(self._folder):
                path = Path(entry.path)
                if path.suffix != SUFFIX:
                    continue
                if is_abandoned(path):
                    path.unlink(missing_ok=True)
                else:
                    asked[path.name.partition(".")[0]].append(path)
        self._asked = dict(asked)


def _outcome(error: BaseException) -> str:
    """Name what came out of a call by its type alone: its words may quote a customer."""
    cause = error.__cause__ if isinstance(error, PluginFailed) else None
    return f"failed: {type(cause).__name__}" if cause else type(error).__name__


def _append(path: Path, line: bytes) -> None:
    """Write at the end of a file that is there; it is not made again once its reader is gone."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
    try:
        if os.fstat(file).st_size < MOST_BYTES:
            os.write(file, line)
    finally:
        os.close(file)
