"""``python -m tests.hostile.sqlmap [sqlite|postgresql]``: let sqlmap try the desk's richest addresses.

A furnished desk of its own is started for each kind of database, and sqlmap asks it as its owner.
First it must find the hole of a page that has one. Takes a quarter of an hour for each kind; no part
of the suite. Exits 1 when a value is injectable, an answer is an error, or the hole is not found.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.extensions import db
from tests.databases import copied_postgresql, copy_sqlite
from tests.hostile.furnished import furnish
from tests.hostile.visiting import Visitor
from tests.process.desks import Desk
from tests.servers import postgresql, rundir
from tests.servers.postgresql import PostgreSQL

OPTIONS = (
    "--batch", "--level=3", "--risk=2", "--technique=BEUSTQ", "--flush-session", "--fresh-queries",
    "--disable-coloring", "--param-exclude=csrf_token|^desk$", "--timeout=30", "--retries=1",
)  # fmt: skip
DBMS = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
HTMX = "HX-Request: true\nHX-Request-Type: partial\nHX-Target: main#main"


@dataclass(frozen=True, kw_only=True)
class Target:
    """One address; with ``form`` it is posted, with ``headers`` it is asked as a page's script does."""

    path: str
    form: str = ""
    headers: str = ""


TARGETS = (
    Target(path="/v/open?from=a0-1&sort=newest&v=open"),
    Target(path="/search?q=teapot&from=1&v=open"),
    Target(path="/new?find=jana&to=jana%40example.cz&v=open"),
    Target(path="/admin/audit?before=9&v=open"),
    Target(path="/live?since=0&id=1&number=1001&v=open&busy=1&sort=newest&from=a0-1", headers=HTMX),
    Target(path="/t/1001/tags?v=open", form="tag=teapot&add=red&remove=blue"),
)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What sqlmap did at one address."""

    requests: int
    answers: Counter[str]
    tried: list[str] = field(default_factory=list)
    injectable: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        found = (
            f"injectable: {', '.join(self.injectable)}" if self.injectable else "none injectable"
        )
        errors = f"; {', '.join(self.errors)}" if self.errors else ""
        answers = ", ".join(f"{number} × {code}" for code, number in sorted(self.answers.items()))
        return f"{self.requests} requests ({answers}), {', '.join(self.tried)}: {found}{errors}"


def main(arguments: list[str]) -> int:
    """Try all addresses on the kinds of database asked for, or on both."""
    program = shutil.which("sqlmap")
    if program is None:
        print("sqlmap is not installed; on Debian: apt-get install sqlmap")  # noqa: T201  a command
        return 2
    run = rundir.create(in_memory=True)
    is_good = True
    try:
        is_good &= _tell("a page with a hole", _on_a_hole(program), wanted=["q"])
        for kind in arguments or list(DBMS):
            with (
                tempfile.TemporaryDirectory() as folder,
                _desk(kind, Path(folder)) as (desk, visitor),
            ):
                for target in TARGETS:
                    found = _ask(program, desk.address, target, visitor, kind)
                    is_good &= _tell(f"{kind} {target.path}", found, wanted=[])
    finally:
        rundir.stop_all(run)
        rundir.remove(run)
    return 0 if is_good else 1


def _tell(name: str, found: Run, *, wanted: list[str]) -> bool:
    print(f"{name}: {found}", flush=True)  # noqa: T201  a command
    return found.injectable == wanted and not found.errors


@contextmanager
def _desk(kind: str, folder: Path) -> Iterator[tuple[Desk, Visitor]]:
    with _database(kind, folder) as url:
        app = create_app(load_config(instance=folder / "instance", database_url=url))
        with app.app_context():
            visitor = furnish(app)
            engine = db.engine
        engine.dispose()
        settings = {"DESK_PORT": "0", "DESK_DATABASE_URL": url}
        desk = Desk(instance=folder / "instance", environment=settings, is_installed=True)
        try:
            yield desk.ready(), visitor
        finally:
            desk.kill()


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield copy_sqlite(folder / "desk.db")
        return
    with copied_postgresql(rundir.shared("postgresql", PostgreSQL, postgresql.start)) as url:
        yield url


def _ask(program: str, address: str, target: Target, visitor: Visitor, kind: str) -> Run:
    cookie = visitor.client.get_cookie("desk")
    assert cookie
    options = [f"--cookie=desk={cookie.value}", f"--dbms={DBMS[kind]}"]
    if target.headers:
        options.append(f"--headers={target.headers}")
    if target.form:
        options.append(f"--data=csrf_token={visitor.token}&{target.form}")
    return _run(program, address + target.path, options)


def _run(program: str, url: str, options: list[str]) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        traffic = Path(folder) / "traffic.txt"
        said = subprocess.run(
            [program, "-u", url, *OPTIONS, *options, f"--output-dir={folder}", "-t", str(traffic)],
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        ).stdout  # fmt: skip
        requests, shown_out, answers = 0, 0, Counter[str]()
        with traffic.open(errors="replace") as lines:
            for line in lines:
                requests += line.startswith("HTTP request [#")
                shown_out += line.lower().startswith("location: /sign-in")
                if found := re.match(r"HTTP response \[#\d+\] \((\d+)", line):
                    answers[found[1]] += 1
    tried = re.findall(r"testing if (?:\w+ )?parameter '(.+?)' is dynamic", said)
    tried += re.findall(r"parameter '(.+?)' does not seem to be injectable", said)
    return Run(
        requests=requests,
        tried=list(dict.fromkeys(tried)),
        injectable=re.findall(r"^Parameter: (.+?) \(", said, re.MULTILINE),
        answers=answers,
        errors=[
            *(f"{number} × {code}" for code, number in answers.items() if code[0] == "5"),
            *([f"shown out {shown_out} times"] if shown_out else []),
            *(["it ended early"] if "ending @" not in said else []),
        ],
    )


def _on_a_hole(program: str) -> Run:
    """Ask a page that writes its value into a statement: whoever finds nothing here proves nothing."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = parse_qs(urlsplit(self.path).query).get("q", [""])[0]
            with sqlite3.connect(":memory:") as connection:
                connection.execute("CREATE TABLE tea AS SELECT 'green' AS name")
                try:
                    statement = f"SELECT name FROM tea WHERE name = '{wanted}'"  # noqa: S608  the hole
                    rows = connection.execute(statement).fetchall()
                except sqlite3.Error:
                    rows = []
            self.send_response(200)
            self.end_headers()
            with suppress(BrokenPipeError):  # sqlmap does not always listen to the end
                self.wfile.write(f"<p>Found: {rows}</p>".encode())

        def log_message(self, *_: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        try:
            return _run(
                program, f"http://127.0.0.1:{server.server_port}/?q=green", ["--dbms=SQLite"]
            )
        finally:
            server.shutdown()
            serving.join()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
