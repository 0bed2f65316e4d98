"""``python -m tests.servers [pytest arguments]``: start the servers, test, print the ledger.

Without arguments the whole suite runs in parallel, and a server that the tests never reached
is a failure. With arguments only those tests run, and silence is nothing to complain about.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree as ET

from tests.servers import dovecot, ledger, postfix, postgresql, rundir
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.servers.postgresql import PostgreSQL

# Half of the tests wait for mail, servers and browsers; more workers make them wait for each other.
WORKERS = 2 * (os.cpu_count() or 1)
WHOLE_SUITE = ("-n", str(WORKERS), "--dist", "loadgroup", "--durations", "15")


def main(arguments: list[str]) -> int:
    """Run the tests and return the exit code of the whole."""
    run = rundir.create(in_memory=True)
    (run / "tmp").mkdir()
    os.environ["TMPDIR"] = str(run / "tmp")  # the tests' own folders go with it
    # Hundreds of interpreters are started; whatever this shell prefers, each would compile it all.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.monotonic()
    try:
        _start_servers()
        started = time.monotonic()
        print(f"== servers: {started - began:.1f} s", flush=True)
        report = run / "report.xml"
        code = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                f"--junit-xml={report}",
                *(arguments or WHOLE_SUITE),
            ],
            check=False,
        ).returncode
        print(f"== tests: {time.monotonic() - started:.1f} s", flush=True)
        rundir.stop_all(run)
        return _account(run, report, code, whole=not arguments)
    finally:
        rundir.stop_all(run)
        rundir.remove(run)


def _start_servers() -> None:
    imap = rundir.shared("dovecot", Dovecot, dovecot.start)
    rundir.shared("postfix", Postfix, lambda folder: postfix.start(folder, imap))
    rundir.shared("postgresql", PostgreSQL, postgresql.start)


def _account(run: Path, report: Path, code: int, *, whole: bool) -> int:
    entries = ledger.read(run)
    print("== what the tests caused, by each server's own log")
    for entry in entries:
        print(entry)
    silent = [entry.server for entry in entries if entry.is_silent]
    if whole and silent:
        print(f"== failed: no trace of the tests at {', '.join(silent)}")
        code = code or 1
    if report.exists():
        print(_summary(report))
    return code


def _summary(report: Path) -> str:
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314 - our own pytest's
    assert suite is not None
    tests, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    skips = f", {skipped} skipped" if skipped else ""
    return f"desk-tests: {tests - failed - skipped} passed, {failed} failed{skips}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
