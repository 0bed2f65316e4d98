"""Fault 46: a backup is made while the desk writes, and brought back at another place."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deskcore.app import create_app
from deskcore.clock import now
from deskcore.config import load_config
from deskcore.extensions import db
from tests.faults import oracle
from tests.faults.catalogue import BOTH, fault
from tests.faults.peace import looked_again
from tests.faults.scenarios.disks import settle_here
from tests.faults.stage import Place, Stage, account
from tests.process.desks import DESK, Desk
from tests.servers import postgresql, rundir
from tests.servers.postgresql import PostgreSQL


@fault(46, "backup while writing, restored elsewhere; a plain copy", databases=BOTH)
def backups_under_load(stage: Stage) -> None:
    """Back up while mail comes in and answers leave; the copy takes in what came since, once."""
    place = stage.a_mailbox("leave")
    stage.start()
    since_backup = 0
    for moment in range(stage.moments):
        stage.questions(place, stage.rng.randint(10, 40), size=stage.rng.choice([0, 20_000]))
        stage.press_send(place)
        time.sleep(stage.rng.uniform(0, 1))  # the fault itself: any moment will do
        there = set(place.box.sent_in) - oracle.missing(place)
        file = stage.folder / f"backup-{moment}.tar.gz"
        _back_up(stage, place, file)
        with _elsewhere(stage) as told:
            _ask(stage, told, "restore", str(file))
            assert "ok   stored files" in _ask(stage, told, "doctor", "--data", "--no-mail")
            with _opened(told):
                lost = there & oracle.missing(place)
                assert not lost, f"the backup lacks {sorted(lost)}"
                since_backup += len(oracle.missing(place))
                _take_in_the_rest(stage, place, told)
        file.unlink()
        if db.engine.dialect.name == "sqlite":
            _copy_plainly(stage, place)
    looked_again(stage)
    settle_here(stage)
    stage.note(
        f"every backup was whole; at other places {since_backup} mails that came after it were taken "
        "from the server, none twice, and no answer left again"
    )
    if db.engine.dialect.name == "sqlite":
        stage.note(f"desk doctor refused each of {stage.moments} plain copies of a working desk")


def _back_up(stage: Stage, place: Place, file: Path) -> None:
    """Make a backup; mail comes in and answers are written until it is made."""
    making = subprocess.Popen(
        [DESK, "backup", str(file)],
        env=stage.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    while making.poll() is None:
        stage.questions(place, 1)
        stage.press_send(place)
        time.sleep(0.1)
    assert making.returncode == 0, making.communicate()[0]


@contextmanager
def _elsewhere(stage: Stage) -> Iterator[dict[str, str]]:
    """Give what a desk at another, empty place is told; nothing of it stays."""
    folder = stage.folder / "elsewhere"
    told = {"DESK_INSTANCE": str(folder), "DESK_DATABASE_URL": f"sqlite:///{folder / 'desk.db'}"}
    if db.engine.dialect.name == "sqlite":
        yield told
    else:
        server = rundir.shared("postgresql", PostgreSQL, postgresql.start)
        name = server.create()
        yield told | {"DESK_DATABASE_URL": server.url(name)}
        server.drop(name)
    shutil.rmtree(folder)


def _ask(stage: Stage, told: Mapping[str, str], *command: str, code: int = 0) -> str:
    done = subprocess.run(
        [DESK, *command],
        env={**stage.environment, **told},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, (command, done.returncode, done.stdout, done.stderr)
    return done.stdout


@contextmanager
def _opened(told: Mapping[str, str]) -> Iterator[None]:
    """Look into the desk at the other place."""
    config = load_config(
        instance=Path(told["DESK_INSTANCE"]), database_url=told["DESK_DATABASE_URL"]
    )
    with create_app(config).app_context():
        try:
            yield
        finally:
            db.engine.dispose()


def _take_in_the_rest(stage: Stage, place: Place, told: Mapping[str, str]) -> None:
    """Let the other desk work at the same server until it has everything; nothing may be double."""
    began, answers = now(), len(stage.ledger.taken)
    desk = Desk(
        instance=Path(told["DESK_INSTANCE"]),
        environment={**told, "DESK_PORT": "0"},
        command="worker",
    )
    try:
        stage.until(lambda: not oracle.missing(place), "the other desk has every mail")
        stage.until(
            lambda: (account(place).last_checked_at or began) > began, "it has looked to the end"
        )
    finally:
        desk.kill()
    found = oracle.Account()
    oracle.look_in(place, found)
    found.check()
    twice = [each.number for each in stage.ledger.taken[answers:]]
    assert len(twice) == len(set(twice)), twice


def _copy_plainly(stage: Stage, place: Place) -> None:
    """Copy the files as they are, one after the other, while the desk writes: it is found out."""
    copy, source = stage.folder / "copy", Path(db.engine.url.database or "")
    shutil.copytree(stage.instance, copy)
    with source.open("rb") as original, (copy / "desk.db").open("wb") as copied:
        copied.write(original.read(source.stat().st_size // 2))
        stage.questions(place, 20, size=stage.rng.randint(10_000, 40_000))
        stage.until(lambda: not oracle.missing(place), "mail comes in during the copy")
        with db.engine.connect() as connection:  # as the desk does when the log has grown
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfileobj(original, copied)
    told = {
        "DESK_INSTANCE": str(copy),
        "DESK_DATABASE_URL": f"sqlite:///{copy / 'desk.db'}",
    }
    said = _ask(stage, told, "doctor", "--data", "--no-mail", code=1)
    assert "BAD" in said, said
    shutil.rmtree(copy)
