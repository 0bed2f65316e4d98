"""Faults 8 to 10, 33, 34, 45 and 48: processes that die, sleep, lack something, or have a wrong clock."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from contextlib import closing

from sqlalchemy import text

from deskcore.extensions import db
from tests.faults import oracle
from tests.faults.catalogue import BOTH, fault
from tests.faults.peace import all_in, looked_again
from tests.faults.stage import Stage, account
from tests.process.crashing import eventually
from tests.process.desks import DESK

MEGABYTE = 1024 * 1024
LIB = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"


@fault(8, "kill while a big attachment is written", databases=BOTH)
def killed_while_writing_much(stage: Stage) -> None:
    """Kill at random moments of taking mails of 10 to 40 MB in: no half file is ever kept."""
    place = stage.a_mailbox("delete")
    for moment in range(stage.moments):
        if moment % 5 == 0:
            stage.questions(place, 1, size=stage.rng.randint(10, 40) * MEGABYTE)
        desk = stage.begin()
        eventually(lambda: "FETCH" in place.server.troubles.passed[-3:], timeout_s=20)
        time.sleep(stage.rng.uniform(0, 1.5))  # the fault itself: any moment will do
        desk.kill()
    all_in(stage, timeout_s=300)
    files = [path for path in (stage.instance / "files").rglob("*") if path.is_file()]
    stage.note(f"{sum(path.suffix == '.part' for path in files)} unfinished files were left behind")


@fault(9, "kill of the worker in a job", databases=BOTH, in_ci=True)
def workers_killed_in_jobs(stage: Stage) -> None:
    """Kill the worker alone while it files and sends: the parent starts another, work is done once."""
    place = stage.a_mailbox("seen")
    desk = stage.start()
    for moment in range(stage.moments):
        stage.questions(place, 5)
        stage.press_send(place)
        time.sleep(stage.rng.uniform(0, 0.5))  # the fault itself: any moment will do
        before = stage.times_said("worker ready")
        os.kill(desk.child("worker"), signal.SIGKILL)
        stage.until(lambda: stage.times_said("worker ready") > before, "another worker", 120)  # noqa: B023  asked at once
        if moment % 5 == 4:
            stage.until(lambda: not oracle.unsettled(stage), "answers are settled", 150)
    looked_again(stage)
    stage.until(lambda: not oracle.unsettled(stage), "answers are settled", 150)


@fault(10, "SIGSTOP of the fetcher, another takes over, SIGCONT", databases=BOTH, moments=3)
def fetchers_that_sleep(stage: Stage) -> None:
    """Stop a worker for longer than its lease while another takes over, then let it go on."""
    place = stage.a_mailbox("delete")
    [sleeper] = stage.start().children()
    for _ in range(stage.moments):
        stage.questions(place, 3)
        _put_to_sleep(sleeper, stage)
        second = stage.start()
        stage.questions(place, 3)
        stage.until(lambda: not oracle.missing(place), "the second takes over", timeout_s=150)
        fence = account(place).fence
        os.kill(sleeper, signal.SIGCONT)
        stage.questions(place, 3)
        looked_again(stage)
        assert account(place).fence >= fence
        second.stop()
        looked_again(stage, timeout_s=150)
    stage.note("the second took over when the lease of a minute was over; nothing was filed twice")


def _put_to_sleep(pid: int, stage: Stage) -> None:
    """Stop a process at any moment; on SQLite at one when it does not hold the file for writing.

    There a stopped writer keeps everybody out, and nothing but its end can help.
    """
    while True:
        os.kill(pid, signal.SIGSTOP)
        if not stage.database_url.startswith("sqlite"):
            return
        other = sqlite3.connect(stage.database_url.removeprefix("sqlite:///"), timeout=0.1)
        with closing(other):
            try:
                other.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError:
                os.kill(pid, signal.SIGCONT)
        time.sleep(stage.rng.uniform(0, 0.1))  # another moment


@fault(33, "clock jumps a year ahead, a day back", needs=("faketime",), moments=4)
def clocks_that_jump(stage: Stage) -> None:
    """Change the desk's clock below it, both ways, while it works."""
    place = stage.a_mailbox("seen")
    jump = stage.folder / "jump"
    jump.write_text("+0d")
    environment = {
        "LD_PRELOAD": LIB,
        "FAKETIME_TIMESTAMP_FILE": str(jump),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    stage.start(environment=environment)
    for offset in ["+1h", "-1d", "+1y", "+0d"][: stage.moments]:
        jump.write_text(offset)
        stage.questions(place, 2)
        stage.press_send(place)
        stage.until(lambda: not oracle.missing(place), f"mail comes in at {offset}", timeout_s=150)
        commands = len(place.server.troubles.passed)
        time.sleep(5)  # a storm would show by now
        assert len(place.server.troubles.passed) - commands < 100
    stage.until(lambda: not oracle.unsettled(stage), "answers are settled", timeout_s=150)
    stage.note("no storm of looks or tries after +1 h, -1 d, +1 y and back")


@fault(34, "two servers five minutes apart", needs=("faketime",), databases=("postgresql",))
def clocks_that_differ(stage: Stage) -> None:
    """Run two workers on one database, one of them five minutes ahead: leases go by the database."""
    places = [stage.a_mailbox("seen") for _ in range(4)]
    ahead = {"LD_PRELOAD": LIB, "FAKETIME": "+5m", "DONT_FAKE_MONOTONIC": "1"}
    stage.start()
    stage.start(environment=ahead)
    owners = {place.account_id: account(place).lease_owner for place in places}
    for _ in range(stage.moments):
        for place in places:
            stage.questions(place, 2)
            stage.press_send(place)
        time.sleep(stage.rng.uniform(0, 1))  # spread them
    looked_again(stage)
    stage.until(lambda: not oracle.unsettled(stage), "answers are settled", timeout_s=150)
    assert owners == {place.account_id: account(place).lease_owner for place in places}
    stage.note("each mailbox stayed with one of the two")


@fault(45, "64 file handles, 1 GB of address space", needs=("prlimit",), moments=2)
def little_of_everything(stage: Stage) -> None:
    """Run the desk with little: it works on, or ends with a sentence, and goes on when it has more."""
    place = stage.a_mailbox("delete")
    limits = ("--nofile=64:64", "--as=1073741824:1073741824")
    for limit in limits:
        stage.questions(place, 20)
        desk = stage.begin("run", under=("prlimit", limit))
        eventually(lambda: not oracle.missing(place), timeout_s=40)
        seen = oracle.account_for(stage).inbound
        counted = f"{seen['entries']} filed, {seen['needs attention']} under Needs attention"
        stage.note(f"up to the end of {limit.partition(':')[0]}: {counted}")
        desk.kill()
    all_in(stage)


@fault(48, "crash loop: bad setting, missing key, foreign schema", moments=4)
def starts_in_vain(stage: Stage) -> None:
    """Start with each: one line beside the log's own, an exit code, no mail touched."""
    place = stage.a_mailbox("delete")
    stage.questions(place, 2)
    with db.engine.begin() as connection:
        version = connection.scalar(text("SELECT version_num FROM alembic_version_core"))
        connection.execute(text("UPDATE alembic_version_core SET version_num = '9999'"))
    said = [_said(stage)]
    with db.engine.begin() as connection:
        put_back = text("UPDATE alembic_version_core SET version_num = :version")
        connection.execute(put_back, {"version": version})
    key = stage.instance / "secret.key"
    kept = key.read_text()
    key.write_text("short\n")
    said.append(_said(stage))
    key.write_text(kept)
    said.append(_said(stage, DESK_WORKER_THREADS="many"))
    said.append(_said(stage, DESK_DATABASE_URL="sqlite:////no/such/folder/desk.db"))
    assert len(place.box.waiting()) == 2
    assert place.server.troubles.passed == []
    all_in(stage)
    stage.note("one line each, exit codes " + ", ".join(str(code) for code, _ in said))


def _said(stage: Stage, **changed: str) -> tuple[int, str]:
    ended = subprocess.run(
        [DESK, "worker"],
        env={**stage.environment, **changed},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    lines = [line for line in ended.stderr.splitlines() if not line.startswith("{")]
    assert ended.returncode != 0
    assert len(lines) == 1, lines
    return ended.returncode, lines[0]
