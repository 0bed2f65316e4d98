"""Faults 17 and 18: somebody else holds the database, or it is gone."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from time import sleep

from deskcore.extensions import db
from tests.faults import oracle
from tests.faults.catalogue import fault
from tests.faults.peace import looked_again
from tests.faults.scenarios.disks import settle_here, signed_in
from tests.faults.stage import Stage
from tests.servers import postgresql, rundir
from tests.servers.postgresql import PostgreSQL
from tests.servers.processes import is_running, wait_until

BUSY = "The desk is busy for a moment"


@fault(17, "database locked 30 s")
def database_held_by_another(stage: Stage) -> None:
    """Hold the database: pages are read, answers wait and are refused clearly, mail waits."""
    place, visitor = stage.a_mailbox("delete"), signed_in(stage)
    waits = []
    for _ in range(stage.moments):
        number = stage.next_number()
        ticket = stage.a_ticket(place, number)
        stage.questions(place, stage.rng.randint(0, 3))
        sleep(stage.rng.uniform(0, 1))  # the fault itself: any moment will do
        with _held(stage, seconds=30):
            stage.questions(place, 2)
            refused = visitor.press_send(stage, ticket, number)
            assert (refused.status, refused.retry_after) == (503, "30"), refused
            assert BUSY in refused.text
            waits.append(refused.seconds)
            assert visitor.get("/v/unassigned").status == 200
        stage.until(lambda: not oracle.missing(place), "mail comes in", timeout_s=60)
        assert visitor.press_send(stage, ticket, number).status == 200
    looked_again(stage)
    settle_here(stage)
    stage.note(f"an answer waited {max(waits):.0f} s at most and was told to try again in 30 s")


@fault(18, "database gone (PostgreSQL stopped, restarted)", databases=("postgresql",))
def database_gone(stage: Stage) -> None:
    """Stop PostgreSQL at once and start it again: pages say so, and everything goes on by itself."""
    _keep_commits(stage)
    place, visitor = stage.a_mailbox("delete"), signed_in(stage)
    for _ in range(stage.moments):
        number = stage.next_number()
        ticket = stage.a_ticket(place, number)
        stage.questions(place, 2)
        sleep(stage.rng.uniform(0, 1))  # the fault itself: any moment will do
        with _stopped(stage):
            page = visitor.get("/v/unassigned")
            assert page.status == 503, page
            assert BUSY in page.text
            assert "</html>" in page.text
            assert visitor.get("/readyz").status == 503
        stage.until(lambda: not oracle.missing(place), "mail comes in again", timeout_s=100)
        assert visitor.press_send(stage, ticket, number).status == 200
    looked_again(stage)
    settle_here(stage)
    stage.note(
        "pages answered 503 while it was away, and the first one after it came back was read"
    )


@contextmanager
def _held(stage: Stage, *, seconds: float) -> Iterator[None]:
    """Hold BEGIN EXCLUSIVE from another process' point of view, for so long."""
    file = stage.database_url.removeprefix("sqlite:///")
    other = sqlite3.connect(file, timeout=30, check_same_thread=False)
    other.execute("BEGIN EXCLUSIVE")
    ended = threading.Timer(seconds, other.rollback)
    ended.start()
    try:
        yield
    finally:
        ended.join()
        other.close()


def _keep_commits(stage: Stage) -> None:
    """Have this database keep what it commits: the tests' server is faster than that by default."""
    name = stage.database_url.rpartition("/")[2]
    _server().administer(f'ALTER DATABASE "{name}" SET synchronous_commit = on')


@contextmanager
def _stopped(_stage: Stage) -> Iterator[None]:
    """Stop the run's PostgreSQL as a crash would, and start it again after the block."""
    server, folder = _server(), rundir.current() / "postgresql"
    db.engine.dispose()
    os.kill(server.pid, signal.SIGQUIT)
    wait_until(
        lambda: not is_running(server.pid), what="PostgreSQL is gone", log=Path(server.log_file)
    )
    try:
        yield
    finally:
        started = postgresql.start_again(folder, server)
        described = rundir.current() / "postgresql.json"
        described.write_text(json.dumps(asdict(started)))


def _server() -> PostgreSQL:
    return rundir.shared("postgresql", PostgreSQL, postgresql.start)
