"""A user's mail on the server: written and read as Maildir files, without a session of ours.

Delivering a thousand old mails takes a fraction of a second, and reading the flags back leaves
no trace in the server's log.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

from deskcore.clock import now

FLAG_LETTERS = {
    "\\Draft": "D",
    "\\Flagged": "F",
    "\\Answered": "R",
    "\\Seen": "S",
    "\\Deleted": "T",
}
FLAG_BY_LETTER = {letter: flag for flag, letter in FLAG_LETTERS.items()}
_sequence = count()


@dataclass(frozen=True, kw_only=True)
class StoredMail:
    """One mail on the server: its bytes, flags (IMAP names) and INTERNALDATE."""

    content: bytes = field(repr=False)
    flags: frozenset[str] = frozenset()
    received_at: datetime = field(default_factory=now)


@dataclass(frozen=True, kw_only=True)
class Maildir:
    """All mail of one address; *owner* is the user and group id the server stores it under."""

    address: str
    path: Path
    owner: tuple[int, int]

    def deliver(self, mails: Iterable[StoredMail | bytes], *, folder: str = "INBOX") -> None:
        """Put *mails* into *folder*, in this order; the server numbers them so.

        Bytes alone arrive now and unread. A folder that does not exist is made.
        """
        target = self._made(folder)
        for mail in mails:
            stored = mail if isinstance(mail, StoredMail) else StoredMail(content=mail)
            letters = "".join(sorted(FLAG_LETTERS[flag] for flag in stored.flags))
            name = f"{_arrival()},S={len(stored.content)}"
            draft = target / "tmp" / name
            draft.write_bytes(stored.content)
            os.utime(draft, (stored.received_at.timestamp(),) * 2)
            self._own(draft)
            draft.rename(target / ("cur" if letters else "new") / f"{name}:2,{letters}")

    def mails(self, *, folder: str = "INBOX") -> list[StoredMail]:
        """Return what is in *folder* now, in order of arrival."""
        return [
            StoredMail(
                content=path.read_bytes(),
                flags=_flags(path),
                received_at=datetime.fromtimestamp(path.stat().st_mtime, tz=now().tzinfo),
            )
            for path in self._files(folder)
        ]

    def flags(self, *, folder: str = "INBOX") -> dict[str, frozenset[str]]:
        """Return the flags of every mail by its file's stable name; compare before and after."""
        return {path.name.partition(":")[0]: _flags(path) for path in self._files(folder)}

    def folders(self) -> list[str]:
        """Return the names of all folders, INBOX first."""
        if not self.path.exists():
            return []
        found = [child.name[1:] for child in self.path.iterdir() if child.name.startswith(".")]
        return ["INBOX", *sorted(found)]

    def wait_for(
        self, *, count: int = 1, folder: str = "INBOX", timeout_s: float = 30
    ) -> list[StoredMail]:
        """Return the mails as soon as there are *count*; fail when they do not come."""
        deadline = time.monotonic() + timeout_s
        while len(self._files(folder)) < count:
            if time.monotonic() > deadline:
                there = len(self._files(folder))
                raise AssertionError(f"{self.address}: {there} of {count} mails arrived in time")
            time.sleep(0.05)
        return self.mails(folder=folder)

    def _files(self, folder: str) -> list[Path]:
        place = self._place(folder)
        found = [*(place / "cur").glob("*"), *(place / "new").glob("*")]
        return sorted(found, key=_order)

    def _place(self, folder: str) -> Path:
        return self.path if folder == "INBOX" else self.path / f".{folder}"

    def _made(self, folder: str) -> Path:
        home, place = self.path.parent, self._place(folder)
        for directory in (home, self.path, place, place / "tmp", place / "cur", place / "new"):
            if not directory.exists():
                directory.mkdir(parents=True, exist_ok=True)
                self._own(directory)
        return place

    def _own(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, *self.owner)


def _arrival() -> str:
    # Dovecot numbers new files by the leading time, then by the rest of the name.
    stamp = time.time_ns()
    micros = stamp % 10**9 // 1000
    return f"{stamp // 10**9}.M{micros:06d}P{os.getpid()}Q{next(_sequence):08d}.desk"


def _order(path: Path) -> tuple[int, int, str]:
    found = re.match(r"(\d+)\.M(\d+)", path.name)
    return (int(found[1]), int(found[2]), path.name) if found else (0, 0, path.name)


def _flags(path: Path) -> frozenset[str]:
    letters = path.name.partition(":2,")[2]
    return frozenset(FLAG_BY_LETTER[letter] for letter in letters if letter in FLAG_BY_LETTER)
