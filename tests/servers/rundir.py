"""The run directory: where the workers of one test run find the servers they share.

Whoever begins the run (the launcher, or pytest itself when started by hand) creates it, names
it in ``DESK_TEST_RUN`` and removes it. Each server is started by the first who needs it, under
a file lock, and described in ``<server>.json`` for everybody else.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from tests.servers.processes import ended_on_failure, is_running, stop

VARIABLE = "DESK_TEST_RUN"
PREFIX = "desk-tests-"
MEMORY = Path("/dev/shm")  # noqa: S108  a folder of our own is made in it
ROOM_BYTES = 6 * 1024**3  # for the run's files, and for the desks and browsers beside them


@dataclass(frozen=True, kw_only=True)
class Server:
    """One running server: *pid* ends it, *log_start* is where its log begins to be ours.

    The harness itself talks to a server to see whether it is up; what stands in the log before
    ``log_start`` bytes is that, and is not counted as the doing of a test.
    """

    pid: int
    log_file: str
    log_start: int = 0

    def log_lines(self) -> list[str]:
        """Return the lines the server wrote since it was ready, oldest first."""
        path = Path(self.log_file)
        if not path.exists():
            return []
        with path.open("rb") as log:
            log.seek(self.log_start)
            return log.read().decode(errors="replace").splitlines()


AnyServer = TypeVar("AnyServer", bound=Server)


def create(*, in_memory: bool = False) -> Path:
    """Make a run directory, name it in the environment, and clear those whose owner died.

    *in_memory* puts it where nothing waits for a disk, if this machine has the room: the suite
    makes a thousand databases for a second each. Measurements want the disk.
    """
    _sweep()
    place = MEMORY if in_memory and _has_room() else None
    path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=place))
    path.chmod(0o755)
    (path / "owner").write_text(str(os.getpid()))
    os.environ[VARIABLE] = str(path)
    return path


def current() -> Path:
    """Return the directory of this run."""
    return Path(os.environ[VARIABLE])


def shared(name: str, kind: type[AnyServer], start: Callable[[Path], AnyServer]) -> AnyServer:
    """Return the server *name* of this run, started by *start* when nobody did before.

    *start* gets an empty folder of the server's own.
    """
    run = current()
    described = run / f"{name}.json"
    with locked(run / f"{name}.lock"):
        if not described.exists():
            folder = run / name
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            folder.chmod(0o755)
            with ended_on_failure():
                described.write_text(json.dumps(asdict(start(folder))))
        return kind(**json.loads(described.read_text()))


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on *path* among the processes of this run."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def stop_all(run: Path) -> None:
    """End every server of *run*; their logs and descriptions stay."""
    for described in sorted(run.glob("*.json")):
        pid = json.loads(described.read_text()).get("pid")
        if pid:
            stop(pid)


def remove(run: Path) -> None:
    """Delete the run directory."""
    shutil.rmtree(run, ignore_errors=True)


def _has_room() -> bool:
    if not MEMORY.is_dir():
        return False
    memory = Path("/proc/meminfo").read_text(encoding="ascii")
    available = memory.partition("MemAvailable:")[2].split()[0]
    return min(shutil.disk_usage(MEMORY).free, int(available) * 1024) > ROOM_BYTES


def _sweep() -> None:
    """End the servers of runs whose owner was killed before it could."""
    runs = f"{PREFIX}*"
    for run in (*Path(tempfile.gettempdir()).glob(runs), *MEMORY.glob(runs)):
        owner = run / "owner"
        try:
            alive = is_running(int(owner.read_text()))
        except (OSError, ValueError):
            continue
        if not alive:
            stop_all(run)
            remove(run)
