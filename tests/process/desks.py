"""A whole desk as a person starts it: ``desk run`` in its own processes, folder and port."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from tests.process.launching import Launched

DESK = Path(sys.executable).with_name("desk")
PATIENCE_S = 40.0  # the machine may be busy with other tests

T = TypeVar("T")


@dataclass(kw_only=True)
class Desk:
    """A started desk; ``lines`` are what it told the terminal, ``logs`` its log lines.

    Desks of one instance folder that run at the same time need names, or each reads of the others.
    """

    instance: Path
    environment: Mapping[str, str]
    command: str = "run"
    name: str = ""
    under: tuple[str, ...] = ()  # a program that starts it, with its arguments: strace, prlimit
    is_installed: bool = False  # started by the command a person would type, and not from a fork
    changes: Mapping[str, object] = field(default_factory=dict)  # of constants, in its parent
    process: subprocess.Popen[bytes] | Launched = field(init=False)

    def __post_init__(self) -> None:
        self.instance.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, **self.environment, "DESK_INSTANCE": str(self.instance)}
        if not (self.is_installed or self.under):
            self.process = Launched([self.command], environment, self._out, self._err, self.changes)
            return
        with self._out.open("ab") as out, self._err.open("ab") as err:
            self.process = subprocess.Popen(
                [*self.under, DESK, self.command],
                env=environment,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )

    @property
    def _out(self) -> Path:
        return self.instance / f"terminal{self.name}.txt"

    @property
    def _err(self) -> Path:
        return self.instance / f"log{self.name}.jsonl"

    @property
    def lines(self) -> list[str]:
        return self._out.read_text(encoding="utf-8").splitlines()

    @property
    def errors(self) -> str:
        return self._err.read_text(encoding="utf-8")

    @property
    def logs(self) -> list[dict[str, object]]:
        lines = self.errors.splitlines()
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

    @property
    def address(self) -> str:
        """The address it printed."""

        def printed() -> str | None:
            return next((line.split()[-1] for line in self.lines if "Address:" in line), None)

        return wait_until(printed, "the desk prints its address", lambda: self.errors)

    def count(self, event: str) -> int:
        """Count the log lines that say *event*."""
        return sum(line["event"] == event for line in self.logs)

    def ready(self, times: int = 1) -> Desk:
        """Wait until web and worker were ready *times* often."""
        wait_until(
            lambda: self.count("web ready") >= times and self.count("worker ready") >= times,
            "the desk is ready",
            lambda: self.errors,
        )
        return self

    def get(self, path: str = "healthz") -> int:
        """Ask for a page; returns the status, 0 when nobody answered."""
        try:
            with urlopen(self.address + path, timeout=20) as answer:  # noqa: S310  our own address
                answer.read()
                return int(answer.status)
        except HTTPError as error:
            with error:
                return error.code
        except (URLError, OSError):
            return 0

    def children(self) -> list[int]:
        """Return the ids of the living children."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in path.read_text(encoding="ascii").split()]

    def child(self, kind: str) -> int:
        """Return the id of the newest child of a kind, by its log."""
        ready = [line for line in self.logs if line["event"] == f"{kind} ready"]
        return int(str(ready[-1]["pid"]))

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to end; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE_S)

    def kill(self) -> None:
        """End it and all its children as a power cut would."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait(timeout=PATIENCE_S)


def wait_until(
    look: Callable[[], T | None],
    what: str,
    tell: Callable[[], str] = lambda: "",
    patience_s: float = PATIENCE_S,
) -> T:
    """Wait for the first answer that counts as true."""
    deadline = time.monotonic() + patience_s
    while (began := time.monotonic()) < deadline:
        found = look()
        if found:
            return found
        pause_after(began)
    raise AssertionError(f"not in {patience_s:g} s: {what}\n{tell()}")


def pause_after(began: float) -> None:
    """Wait before looking again: a look that takes work must not keep the machine from the thing."""
    looked_s = time.monotonic() - began
    time.sleep(min(max(0.05, 3 * looked_s), 0.5))


def is_alive(pid: int) -> bool:
    """Whether a process runs (one that only waits to be reaped does not)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"
