"""Who holds a piece of work at the moment, and whether that holder is still alive.

A lease ends by the database's clock, since two machines may disagree. On the holder's own machine
nobody needs to wait for that: its lock on ``instance/boot/<name>.holder`` dies with it.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.domain.kinds import JobState
from deskcore.models import ChannelAccount, Job
from deskcore.services.unit import is_sqlite, unit_of_work

LEASE = timedelta(seconds=60)
SUFFIX = ".holder"


class Holder:
    """One process that takes leases under a name of its own. Make it after a fork."""

    def __init__(self, boot: Path) -> None:
        boot.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.name = f"{socket.gethostname()[:24]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._path = boot / f"{self.name}{SUFFIX}"
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def close(self) -> None:
        """Give back what is still held; the file goes last, so that a death here is noticed."""
        _release(self.name)
        self._path.unlink(missing_ok=True)
        os.close(self._file)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def database_now(session: Session) -> datetime:
    """Return the time by which leases are counted."""
    if is_sqlite(session):
        return clock.now()  # the file and everyone who opens it are on one machine
    return session.execute(select(func.now())).scalar_one()


def release_dead(boot: Path) -> int:
    """Give back the work of holders on this machine that died; returns how many died."""
    dead = [path for path in boot.glob(f"*{SUFFIX}") if _is_dead(path)]
    for path in dead:
        _release(path.name.removesuffix(SUFFIX))
        path.unlink(missing_ok=True)
    return len(dead)


def has_living(boot: Path) -> bool:
    """Whether any process on this machine holds or may take leases now."""
    return any(not _is_dead(path) for path in boot.glob(f"*{SUFFIX}"))


def _is_dead(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except FileNotFoundError:
        return False  # it ended in order just now
    return True


def _release(name: str) -> None:
    with unit_of_work() as unit:
        unit.session.execute(
            update(Job)
            .where(Job.lease_owner == name, Job.state == JobState.RUNNING)
            .values(state=JobState.READY, lease_until=None)
        )
        unit.session.execute(
            update(ChannelAccount)
            .where(ChannelAccount.lease_owner == name)
            .values(lease_until=None)
        )
