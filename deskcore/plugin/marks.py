"""Marks that outlive a process: which plugin's code each of its threads is inside of.

A process killed by a plugin (``os._exit``, a crash in C code) cannot say so; its mark can. The
file ``instance/boot/<pid>.mark`` is mapped into memory: a mark costs well under a microsecond, no
system call, and survives any death of the process (not of the machine, where it means nothing).
"""

from __future__ import annotations

import atexit
import fcntl
import mmap
import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Literal

SLOTS = 128
SLOT_BYTES = 128
SUFFIX = ".mark"

Doing = Literal["import", "hook", "channel"]


@dataclass(frozen=True, kw_only=True)
class Mark:
    """One thread was inside *place* of plugin *slug*; a higher ``turn`` was entered later."""

    slug: str
    place: str
    doing: Doing
    turn: int


class Marks:
    """The marks of this process. Make them after a fork, and close them on the way out.

    The file is locked while the process lives, so a used-again process id misleads nobody. An
    orderly exit removes it: only sudden deaths leave marks.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = folder / f"{os.getpid()}{SUFFIX}"
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(self._file, SLOTS * SLOT_BYTES)
        self._map = mmap.mmap(self._file, SLOTS * SLOT_BYTES)
        self._free = deque(range(SLOTS))
        self._turns = count(1)
        self._owner = os.getpid()
        atexit.register(self.close)
        os.register_at_fork(after_in_child=self._forget)

    def enter(self, slug: str, place: str, doing: Doing) -> int:
        """Mark that this thread goes into a plugin's code; returns what ``leave`` wants."""
        try:
            slot = self._free.pop()
        except IndexError:
            return -1  # more threads than slots: unmarked is better than refused
        start = slot * SLOT_BYTES
        text = b"%d|%b" % (next(self._turns), _text(slug, place, doing))
        self._map[start : start + len(text)] = text
        return slot

    def leave(self, slot: int) -> None:
        """Take the mark away again."""
        if slot >= 0 and self._owner:
            self._map[slot * SLOT_BYTES] = 0
            self._free.append(slot)

    @contextmanager
    def inside(self, slug: str, place: str, doing: Doing) -> Iterator[None]:
        """Mark a stretch of plugin code outside the guard: an import, a channel's work."""
        slot = self.enter(slug, place, doing)
        try:
            yield
        finally:
            self.leave(slot)

    def close(self) -> None:
        """Remove the file: this process ends in order, whatever its threads are inside of."""
        if self._owner != os.getpid():
            return
        self._owner = 0
        self._free.clear()
        self.path.unlink(missing_ok=True)
        os.close(self._file)

    def _forget(self) -> None:
        """Leave the parent's marks alone in a forked child, and never hold their lock there."""
        if self._owner and self._owner != os.getpid():
            self._owner = 0
            self._free.clear()
            os.close(self._file)


def read_marks(path: Path) -> list[Mark]:
    """Read what a dead process was inside of, in the order it was entered."""
    content = path.read_bytes()
    slots = (content[start : start + SLOT_BYTES] for start in range(0, len(content), SLOT_BYTES))
    marks = (_parse(slot.rstrip(b"\0")) for slot in slots if slot[:1] not in {b"", b"\0"})
    return sorted((mark for mark in marks if mark), key=lambda mark: mark.turn)


def is_abandoned(path: Path) -> bool:
    """Whether the process that made these marks is gone."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


@lru_cache(maxsize=4096)
def _text(slug: str, place: str, doing: Doing) -> bytes:
    """Write a mark to fit its slot; the line break ends it, whatever stood there before."""
    return f"{doing}|{slug}|{place[:60]}\n".encode()


def _parse(slot: bytes) -> Mark | None:
    """Read one slot; None when the process died while writing it."""
    line, ended, _ = slot.partition(b"\n")
    parts = line.decode("utf-8", "replace").split("|")
    match parts:
        case [turn, ("import" | "hook" | "channel") as doing, slug, place] if (
            ended and turn.isdigit()
        ):
            return Mark(slug=slug, place=place, doing=doing, turn=int(turn))
    return None
