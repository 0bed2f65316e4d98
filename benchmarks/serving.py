"""The desk and the bare app at work side by side, asked by one client, and what that cost them.

Counted is processor time of the serving process, read from the kernel around each block of
requests: on a shared machine the clock measures the neighbours. Both answer over HTTP from the
same server library, so what HTTP costs is in both figures.
"""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from urllib.parse import urlencode, urlsplit

from benchmarks.data import DeskData
from tests.process.desks import Desk

ROOT = Path(__file__).resolve().parent.parent
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass(kw_only=True)
class Visitor:
    """One browser on one kept connection; it takes gzip as browsers do."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    connection: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection(urlsplit(self.address).netloc, timeout=120)

    def ask(
        self,
        path: str,
        headers: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Send a request; returns status, body as it came and the answer's headers."""
        sent = {"Accept-Encoding": "gzip", "Accept-Language": "en", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if form is not None:
            body = urlencode(form)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request("GET" if form is None else "POST", path, body, sent)
        with self.connection.getresponse() as answer:
            content = answer.read()
            for cookie in answer.headers.get_all("Set-Cookie") or ():
                name, _, rest = cookie.partition("=")
                self.cookies[name] = rest.partition(";")[0]
            return answer.status, content, dict(answer.headers)

    def text(self, path: str) -> str:
        """Get a page as text."""
        status, content, headers = self.ask(path)
        assert status == 200, f"{path}: {status}"
        packed = headers.get("Content-Encoding") == "gzip"
        return (gzip.decompress(content) if packed else content).decode()

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form, as people do."""
        found = _TOKEN.search(self.text("/sign-in"))
        assert found
        form = {"csrf_token": found[1], "email": email, "password": password}
        status, _, _ = self.ask("/sign-in", form=form)
        assert status == 303, f"sign-in: {status}"


@dataclass(frozen=True, kw_only=True)
class Served:
    """One serving process and a visitor to it."""

    pid: int
    visitor: Visitor

    def cpu_s(self) -> float:
        """Return the processor time it has used, all threads together."""
        return cpu_s_of(self.pid)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """The desk, signed in to as the agent, and the limit, on the same rows."""

    desk: Served
    limit: Served


@contextmanager
def serve(data: DeskData, **environment: str) -> Iterator[Pair]:
    """Run ``desk run`` as it comes, or as *environment* says, and the bare app, on *data*."""
    with running(data, **environment) as desk, _bare(data) as limit:
        visitor = Visitor(address=desk.address)
        visitor.sign_in(data.facts.agent, data.facts.password)
        yield Pair(desk=Served(pid=desk.child("web"), visitor=visitor), limit=limit)


@contextmanager
def running(data: DeskData, **environment: str) -> Iterator[Desk]:
    """Run ``desk run`` with its defaults on a free port, whatever this shell's settings are."""
    for name in [name for name in os.environ if name.startswith("DESK_")]:
        del os.environ[name]
    (data.instance / "log.jsonl").unlink(missing_ok=True)
    (data.instance / "terminal.txt").unlink(missing_ok=True)
    told = {"DESK_PORT": "0", "DESK_DATABASE_URL": data.database_url, **environment}
    desk = Desk(instance=data.instance, environment=told, is_installed=True)
    try:
        yield desk.ready()
        desk.stop()
    finally:
        desk.kill()


@contextmanager
def _bare(data: DeskData) -> Iterator[Served]:
    url = data.database_url or f"sqlite:///{data.instance / 'desk.db'}"
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.limit", url], stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            assert process.stdout
            port = int(process.stdout.readline())
            yield Served(pid=process.pid, visitor=Visitor(address=f"http://127.0.0.1:{port}"))
        finally:
            process.kill()


def cpu_s_of(pid: int) -> float:
    """Return the processor time of a process from the scheduler, which counts nanoseconds."""
    used_ns = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        used_ns += int((task / "schedstat").read_text(encoding="ascii").split()[0])
    return used_ns / 1e9


def tree(pid: int) -> list[int]:
    """Return a process and all that came of it."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text(encoding="ascii").split():
            found += tree(int(child))
    return found


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one request cost on average."""

    cpu_ms: float
    wall_ms: float


def cost_of(served: Served, path: str, headers: Mapping[str, str], times: int) -> Cost:
    """Ask *times* times for *path*; every answer must be a 200."""
    began, used = perf_counter(), served.cpu_s()
    for _ in range(times):
        status, _, _ = served.visitor.ask(path, headers)
        assert status == 200, f"{path}: {status}"
    cpu_ms = (served.cpu_s() - used) * 1000 / times
    return Cost(cpu_ms=cpu_ms, wall_ms=(perf_counter() - began) * 1000 / times)
