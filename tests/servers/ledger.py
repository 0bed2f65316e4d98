"""What the tests caused at each real server, by the server's own log.

A suite in which a server saw nothing has not tested what it says: a zero is a failure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.servers.postgresql import HARNESS
from tests.servers.rundir import Server

READ_FROM_DOVECOT = re.compile(r"Disconnected.* hdr_count=\d+ .*body_count=(\d+)")
POSTGRESQL_LINE = re.compile(r"^\S+ \S+ \S+ \[\d+\] (?P<application>.*?)@(?P<database>\S*) LOG:")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The figures of one server, each with its name."""

    server: str
    figures: dict[str, int]

    @property
    def is_silent(self) -> bool:
        """Tell whether any figure is zero."""
        return not all(self.figures.values())

    def __str__(self) -> str:
        told = ", ".join(f"{figure} {name}" for name, figure in self.figures.items())
        return f"  {self.server:<12}{told}"


def read(run: Path) -> list[Entry]:
    """Read the logs of *run*'s servers, which have ended and so have written everything."""
    return [
        _dovecot(_log_lines(run, "dovecot")),
        _postfix(_log_lines(run, "postfix")),
        _postgresql(_log_lines(run, "postgresql")),
        _prosody(_log_lines(run, "prosody")),
        _ejabberd(_log_lines(run, "ejabberd")),
        _chromium(sorted((run / "chromium").glob("*.netlog"))),
    ]


def _log_lines(run: Path, name: str) -> list[str]:
    described = run / f"{name}.json"
    if not described.exists():
        return []
    known = json.loads(described.read_text())
    server = Server(pid=known["pid"], log_file=known["log_file"], log_start=known["log_start"])
    return server.log_lines()


def _dovecot(lines: list[str]) -> Entry:
    return Entry(
        server="Dovecot",
        figures={
            "IMAP sessions": sum("imap-login: Info: Login: " in line for line in lines),
            "messages fetched": sum(int(count) for count in _found(READ_FROM_DOVECOT, lines)),
            "messages taken by LMTP": sum(": saved mail to " in line for line in lines),
        },
    )


def _postfix(lines: list[str]) -> Entry:
    return Entry(
        server="Postfix",
        figures={
            "SMTP sessions": sum("/smtpd[" in line and ": connect from " in line for line in lines),
            "messages delivered": sum("status=sent" in line for line in lines),
        },
    )


def _postgresql(lines: list[str]) -> Entry:
    connections = statements = 0
    databases = set()
    for line in lines:
        match = POSTGRESQL_LINE.match(line)
        if not match or match["application"] == HARNESS:
            continue
        if "connection authorized:" in line:
            if f"application_name={HARNESS}" not in line:
                connections += 1
                databases.add(match["database"])
        elif " LOG:  statement: " in line or " LOG:  execute " in line:
            statements += 1
    return Entry(
        server="PostgreSQL",
        figures={
            "connections": connections,
            "databases": len(databases),
            "statements": statements,
        },
    )


def _prosody(lines: list[str]) -> Entry:
    return Entry(
        server="Prosody",
        figures={
            "desks connected": sum("External component successfully" in line for line in lines),
            "messages of customers": sum("Received[c2s]: <message" in line for line in lines),
            "messages of desks": sum("Received[component]: <message" in line for line in lines),
        },
    )


def _ejabberd(lines: list[str]) -> Entry:
    desks = "Accepted external component handshake"
    return Entry(
        server="ejabberd",
        figures={
            "customers signed in": sum("Opened c2s session" in line for line in lines),
            "desks connected": sum(desks in line for line in lines),
        },
    )


def _chromium(logs: list[Path]) -> Entry:
    pages = requests = 0
    for log in logs:
        with log.open(errors="replace") as lines:
            for line in lines:
                if '"request_type":"' in line and '"url":"http://127.0.0.1' in line:
                    requests += 1
                    pages += '"request_type":"main frame"' in line
    return Entry(
        server="Chromium",
        figures={"browsers": len(logs), "pages navigated": pages, "requests": requests},
    )


def _found(pattern: re.Pattern[str], lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if match := pattern.search(line):
            yield match[1]
