"""Start a server, wait until it answers, and end it with everything it started."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

POLL_S = 0.02


class ServerFailed(RuntimeError):
    """A server did not come up; the text ends with the last lines of its log."""


def free_ports(count: int) -> list[int]:
    """Return *count* different loopback TCP ports that nobody listens on now."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def spawn(argv: Sequence[str], *, output: Path, user: str | None = None) -> int:
    """Start *argv* in a session of its own, its output appended to *output*; return its pid.

    *user* is changed to only when we are root, which PostgreSQL refuses to run as.
    """
    as_user = user if user and os.geteuid() == 0 else None
    with output.open("ab") as log:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            user=as_user,
            group=as_user,
            extra_groups=[] if as_user else None,
        )
    _children[process.pid] = process
    return process.pid


# Kept so that a child of ours can be reaped and is not collected as "still running".
_children: dict[int, subprocess.Popen[bytes]] = {}


@contextmanager
def ended_on_failure() -> Iterator[None]:
    """End what was spawned inside when the block raises: nobody else knows of it yet."""
    before = set(_children)
    try:
        yield
    except BaseException:
        for pid in set(_children) - before:
            stop(pid)
        raise


def run(argv: Sequence[str], *, user: str | None = None) -> None:
    """Run *argv* to its end; raise :class:`ServerFailed` with its output unless it succeeds."""
    as_user = user if user and os.geteuid() == 0 else None
    done = subprocess.run(
        argv,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        cwd="/",
        check=False,
        user=as_user,
        group=as_user,
        extra_groups=[] if as_user else None,
    )
    if done.returncode:
        raise ServerFailed(f"{argv[0]} exited with {done.returncode}:\n{done.stdout}{done.stderr}")


def wait_until(answers: Callable[[], bool], *, what: str, log: Path, timeout_s: float = 30) -> None:
    """Poll *answers* until it is true; an ``OSError`` from it means "not yet"."""
    deadline = time.monotonic() + timeout_s
    while time.monotonic() < deadline:
        with suppress(OSError):
            if answers():
                return
        time.sleep(POLL_S)
    tail = log.read_text(errors="replace").splitlines()[-20:] if log.exists() else ["(no log)"]
    raise ServerFailed("\n".join([f"{what} within {timeout_s:.0f} s: no. Its log:", *tail]))


def is_running(pid: int) -> bool:
    """Tell whether *pid* lives; one that ended and waits to be reaped does not."""
    child = _children.get(pid)
    if child is not None:
        return child.poll() is None
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in {"Z", "X"}


def stop(pid: int, *, gentle_signal: int = signal.SIGTERM, timeout_s: float = 10) -> None:
    """End *pid*: gently, so that it writes its last log lines, then with SIGKILL."""
    for number in (gentle_signal, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            if not is_running(pid):
                return
            time.sleep(POLL_S)
