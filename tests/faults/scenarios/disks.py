"""Faults 12 to 16: the disk is full, fails, or may only be read."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from deskcore.extensions import db
from deskcore.services.unit import reading
from tests.faults import oracle
from tests.faults.catalogue import fault
from tests.faults.peace import all_in, looked_again
from tests.faults.stage import Stage, account
from tests.faults.visitor import Visitor, give_owner
from tests.process.crashing import eventually
from tests.process.desks import DESK, Desk

FULL = "The disk of this desk is full"
REFUSED = {503, 507}


@fault(12, "disk full, data", needs=("mount",), room="40m")
def disk_without_room(stage: Stage) -> None:
    """Fill the disk below a running desk: pages are read, the rest waits, then goes on by itself."""
    place, visitor, refused = stage.a_mailbox("delete"), signed_in(stage), 0
    for _ in range(stage.moments):
        number = stage.next_number()
        ticket = stage.a_ticket(place, number)
        with _filled(stage.folder / "filler"):
            stage.questions(place, 2, size=stage.rng.choice([0, 300_000]))
            page = visitor.get("/v/unassigned")
            assert page.status == 200, page
            assert FULL in page.text
            answer = visitor.press_send(stage, ticket, number)
            # The database may have room in a file it had before; then the answer is really saved.
            assert answer.status in {200, 507}, answer
            assert FULL in answer.text
        stage.until(
            lambda: not oracle.missing(place), "mail comes in when there is room", timeout_s=60
        )
        assert FULL not in visitor.get("/v/unassigned").text
        if answer.status != 200:
            assert visitor.press_send(stage, ticket, number).status == 200
        refused += answer.status != 200
    looked_again(stage)
    settle_here(stage)
    stage.note(f"pages were read under a banner; {refused} answers got 507; all went on by itself")


@fault(13, "disk full in the middle of a commit", needs=("strace",))
def no_room_in_a_commit(stage: Stage) -> None:
    """Let the database's writes fail, from the nth on, for some of them."""
    codes = _write_while(stage, "pwrite64:error=ENOSPC", first=12, width=20)
    assert codes <= REFUSED, codes
    stage.note(f"refused answers got {sorted(codes)}; the database was whole each time")


@fault(14, "disk full for logs only", needs=("mount",))
def no_room_for_logs(stage: Stage) -> None:
    """Have the log on a file system that is full: the desk works on."""
    place = stage.a_mailbox()
    logs = stage.folder / "logs"
    logs.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "desk", str(logs)], check=True)
    try:
        (stage.instance / "log.jsonl").symlink_to(logs / "log.jsonl")
        with _filled(logs / "filler", keep=256 * 1024):
            stage.start("run")
            (logs / "more").write_bytes(b"x" * 200 * 1024)
            _fill(logs / "most")
            for _ in range(stage.moments):
                stage.questions(place, 2)
                stage.press_send(place)
                stage.until(lambda: not oracle.missing(place), "mail comes in without a log")
            assert Visitor(stage.desks[-1].address).get("/readyz").status == 200
            settle_here(stage)
            stage.desks[-1].kill()
    finally:
        (stage.instance / "log.jsonl").unlink()
        subprocess.run(["umount", "--lazy", str(logs)], check=True)


@fault(15, "read-only file system", needs=("mount",), room="60m")
def disk_that_may_only_be_read(stage: Stage) -> None:
    """Start the desk on a disk that may only be read: it says so and touches no mail."""
    place = stage.a_mailbox("delete")
    for _ in range(stage.moments):
        before = stage.rng.randint(0, 3)
        stage.questions(place, before)
        _killed_at_any_moment(stage)
        stage.questions(place, 2)
        waiting = len(place.box.waiting())
        db.engine.dispose()  # the kernel refuses while somebody may write
        with _read_only(stage.folder):
            said = _start_in_vain(stage, stage.rng.choice(["worker", "web", "run"]))
            assert len(said) == 1, said
        assert len(place.box.waiting()) == waiting
        all_in(stage)
    stage.note(f"a start says: {said[0].replace(str(stage.folder), '…')}")


@fault(16, "I/O error at fsync", needs=("strace",))
def disk_that_fails(stage: Stage) -> None:
    """Let forcing to disk fail: nothing is called saved, the mailbox says so, it comes in later."""
    codes = _write_while(stage, "fsync,fdatasync:error=EIO", first=3, width=6)
    assert codes <= REFUSED, codes
    stage.note(f"refused answers got {sorted(codes)}")


def settle_here(stage: Stage) -> None:
    """Wait until the running desk has sent what it has."""
    # A job whose end could not be written down is run again when its lease of a minute is over.
    stage.until(lambda: not oracle.unsettled(stage), "every answer is settled", timeout_s=150)


def _write_while(stage: Stage, calls: str, *, first: int, width: int) -> set[int]:
    """Write in and answer while system calls fail; return the codes of answers that were refused.

    The desk runs on all the time: when calls succeed again, it must go on by itself.
    """
    place, codes = stage.a_mailbox("delete"), set()
    visitor = signed_in(stage)
    for _ in range(stage.moments):
        nth = stage.rng.randint(1, first)
        number = stage.next_number()
        ticket = stage.a_ticket(place, number)
        with _injected(stage.desks[-1], f"{calls}:when={nth}..{nth + width}"):
            stage.questions(place, 3)
            for _try in range(4):
                answer = visitor.press_send(stage, ticket, number)
                if answer.status == 200:
                    break
                codes.add(answer.status)
            eventually(lambda: account(place).problem or not oracle.missing(place), timeout_s=5)
            if problem := account(place).problem:
                stage.note(f"the mailbox said: {problem}")
        stage.until(lambda: not oracle.missing(place), "mail comes in again", timeout_s=100)
        if answer.status != 200:
            assert visitor.press_send(stage, ticket, number).status == 200
        with reading() as session:
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    settle_here(stage)
    return codes


@contextmanager
def _injected(desk: Desk, inject: str) -> Iterator[None]:
    """Let system calls of the desk's children fail until the block ends."""
    pids = [word for pid in desk.children() for word in ("-p", str(pid))]
    strace = subprocess.Popen(
        ["strace", "-f", "-o", "/dev/null", "-e", f"inject={inject}", *pids],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert strace.stderr is not None
    for _ in pids[::2]:
        assert "attached" in strace.stderr.readline()
    try:
        yield
    finally:
        strace.terminate()
        strace.communicate(timeout=60)


def signed_in(stage: Stage) -> Visitor:
    """Start the whole desk and sign in as its owner."""
    give_owner()
    visitor = Visitor(stage.start("run").address)
    assert visitor.sign_in().status == 200
    return visitor


@contextmanager
def _filled(filler: Path, *, keep: int = 0) -> Iterator[None]:
    _fill(filler, keep=keep)
    try:
        yield
    finally:
        filler.unlink()


def _fill(filler: Path, *, keep: int = 0) -> None:
    """Leave *keep* bytes on the file system of *filler*."""
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            file.truncate(max(0, file.tell() - keep))


@contextmanager
def _read_only(folder: Path) -> Iterator[None]:
    # Processes that were killed just now may hold a file a moment longer.
    remount = ["mount", "-o", "remount,ro", str(folder)]
    assert eventually(
        lambda: subprocess.run(remount, capture_output=True, check=False).returncode == 0
    )
    try:
        yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)


def _killed_at_any_moment(stage: Stage) -> None:
    """Leave the data as a desk leaves it that was killed while it worked."""
    desk = stage.begin()
    time.sleep(stage.rng.uniform(0.5, 3))  # the fault itself: any moment will do
    desk.kill()


def _start_in_vain(stage: Stage, command: str) -> list[str]:
    """Start a second desk on the disk; return what it said before it ended."""
    ended = subprocess.run(
        [DESK, command],
        env={**stage.environment, "DESK_PORT": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode != 0
    return ended.stderr.splitlines()
