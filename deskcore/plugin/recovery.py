"""Ways back in after a plugin killed a process: name it, leave it out, start again.

Files in ``instance/boot`` are the whole memory of this module, because it must work before the
database does. Whoever supervises a child calls ``explain_death``; every boot calls ``sweep``.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from deskcore.clock import now
from deskcore.plugin.marks import SUFFIX, Mark, is_abandoned, read_marks

SAFE_MODE_FILE = "SAFE_MODE"
HUNG = 70  # EX_SOFTWARE of sysexits.h: the watchdog ended an import that did not come back
STRIKES_COUNT_FOR = timedelta(hours=1)

# Signals that come from outside: an operator, a supervisor, the kernel short of memory.
_FROM_OUTSIDE = {signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP}


@dataclass(frozen=True, kw_only=True)
class Blame:
    """What a plugin is held to have done to a process.

    ``is_certain`` is False after a first death for which another plugin might be to blame: the
    plugin stays active until it happens again.
    """

    slug: str
    place: str
    reason: str
    at: datetime
    deaths: int = 1
    is_certain: bool = True


def is_safe_mode(instance: Path, *, configured: bool) -> bool:
    """Whether to start without plugins: configured (``DESK_SAFE_MODE``) or by a file."""
    return configured or (instance / SAFE_MODE_FILE).exists()


class Quarantine:
    """Plugins that are left out because a process died of them, in ``quarantine.json``."""

    def __init__(self, boot: Path) -> None:
        self._boot = boot
        self._path = boot / "quarantine.json"

    def blames(self) -> dict[str, Blame]:
        """Return everything held against plugins, by slug; a damaged file holds nothing."""
        try:
            entries = json.loads(self._path.read_text(encoding="utf-8"))
            return {
                entry["slug"]: Blame(**{**entry, "at": datetime.fromisoformat(entry["at"])})
                for entry in entries
            }
        except (OSError, ValueError, TypeError, KeyError):
            return {}

    def reason(self, slug: str) -> str:
        """Say why the plugin is left out; empty when it is not."""
        blame = self.blames().get(slug)
        return blame.reason if blame is not None and blame.is_certain else ""

    def add(self, slug: str, place: str, reason: str, *, is_certain: bool = True) -> Blame:
        """Hold a death against a plugin; the second one within an hour makes it certain."""
        with self._locked():
            blames = self.blames()
            before = blames.get(slug)
            recent = before is not None and now() - before.at < STRIKES_COUNT_FOR
            deaths = before.deaths + 1 if before is not None and recent else 1
            blames[slug] = Blame(
                slug=slug,
                place=place,
                reason=reason,
                at=now(),
                deaths=deaths,
                is_certain=is_certain or recent,
            )
            self._write(blames)
        return blames[slug]

    def release(self, slug: str) -> None:
        """Let a plugin take part in the next boot again."""
        with self._locked():
            blames = self.blames()
            if blames.pop(slug, None) is not None:
                self._write(blames)

    def _write(self, blames: dict[str, Blame]) -> None:
        entries = [{**asdict(blame), "at": blame.at.isoformat()} for blame in blames.values()]
        fresh = self._path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(entries, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._boot.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._boot / "quarantine.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def explain_death(boot: Path, pid: int, status: int) -> Blame | None:
    """Name the plugin a child died of, and hold it against it; None when it was not a plugin.

    *status* is what ``os.waitpid`` gave. A signal from outside is nobody's fault, save during an
    import, where a plugin that takes all memory looks the same and would be met at every start.
    """
    path = boot / f"{pid}{SUFFIX}"
    try:
        marks = read_marks(path)
    except OSError:
        return None
    path.unlink(missing_ok=True)
    code = os.waitstatus_to_exitcode(status)
    killer = max(0, -code)
    if killer in _FROM_OUTSIDE:
        marks = [mark for mark in marks if mark.doing == "import" and killer == signal.SIGKILL]
    return _blame(boot, marks, _how(code))


def last_words(boot: Path, pid: int, code: int, slug: str) -> str:
    """Say what a process died of that tried *slug*; nothing is held against the plugin.

    *code* is what ``subprocess`` gives: negative for a signal.
    """
    path = boot / f"{pid}{SUFFIX}"
    try:
        marks = [mark for mark in read_marks(path) if mark.slug == slug]
    except OSError:
        marks = []
    path.unlink(missing_ok=True)
    hung = Quarantine(boot).reason(slug) if code == HUNG else ""
    if hung:
        Quarantine(boot).release(slug)
        return hung
    where = ""
    if marks:
        last = marks[-1]
        where = " while it was imported" if last.doing == "import" else f" in {last.place}"
    return f"The process that tried it {_how(code)}{where}."


def sweep(boot: Path) -> list[Blame]:
    """Suspect the imports of processes that died with their supervisor; drop their marks.

    A machine that is switched off during a start looks the same, so only the second such death
    leaves a plugin out. Marks of hooks are dropped without blame: nobody saw the process die.
    """
    blames = []
    for path in sorted(boot.glob(f"*{SUFFIX}")):
        if not is_abandoned(path):
            continue
        marks = [mark for mark in read_marks(path) if mark.doing == "import"]
        path.unlink(missing_ok=True)
        blame = _blame(boot, marks, "died", is_seen=False)
        if blame is not None:
            blames.append(blame)
    return blames


def _blame(boot: Path, marks: list[Mark], how: str, *, is_seen: bool = True) -> Blame | None:
    """Choose whom to blame: who was importing, else who was in a hook, else in a channel.

    Channels spend their lives waiting in a socket, hooks last a moment: a process that dies while
    one plugin waits and another runs a hook died of the hook. Of several, the last entered.
    """
    for doing in ("import", "hook", "channel"):
        suspects = [mark for mark in marks if mark.doing == doing]
        if suspects:
            culprit = suspects[-1]
            where = "while it was being imported" if doing == "import" else f"in {culprit.place}"
            return Quarantine(boot).add(
                culprit.slug,
                culprit.place,
                f"The process {how} {where}.",
                is_certain=is_seen and len({mark.slug for mark in suspects}) == 1,
            )
    return None


def _how(code: int) -> str:
    if code < 0:
        return f"was ended by signal {-code}"
    return "hung" if code == HUNG else f"ended itself with code {code}"
