"""Faults 8 to 10, 33, 34 and 45: processes that die, sleep, lack something, or have a wrong clock."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from datetime import timedelta

from sqlalchemy import select

from deskcore import clock
from deskcore.models import DeliveryAttempt, Mailbox
from deskcore.services.unit import reading, unit_of_work
from tests.faults import oracle
from tests.faults.catalogue import BOTH, fault
from tests.faults.peace import all_in, looked_again
from tests.faults.stage import Place, Stage, account
from tests.faults.troubles import Trouble
from tests.faults.visitor import Visitor, give_owner
from tests.process.crashing import eventually

MEGABYTE = 1024 * 1024
_HOURS = {"m": 1 / 60, "h": 1.0, "d": 24.0, "y": 24.0 * 365}
_IDLE_H = 11.9  # after 12 h without a page a session has ended
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


@fault(10, "SIGSTOP of the fetcher, another takes over, SIGCONT", databases=BOTH)
def fetchers_that_sleep(stage: Stage) -> None:
    """Stop a worker for longer than its lease while another takes over, then let it go on."""
    place = stage.a_mailbox("delete")
    [sleeper] = stage.start().children()
    for _ in range(stage.moments):
        stage.questions(place, stage.rng.randint(1, 5))
        time.sleep(stage.rng.uniform(0, 0.5))  # the fault itself: any moment will do
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


_JUMPS = ("+1h", "-1h", "+1d", "-1d", "+1y", "-1y", "+5m", "-5m", "+0d")


@fault(33, "clock jumps a year ahead, a day back", needs=("faketime",))
def clocks_that_jump(stage: Stage) -> None:
    """Change the desk's clock below it, both ways, while it works and people are signed in."""
    place = stage.a_mailbox("seen")
    give_owner()
    with unit_of_work() as unit:  # or originals are removed a year too early, as they then must be
        unit.session.get_one(Mailbox, place.mailbox_id).raw_days = 10_000
    jump = stage.folder / "jump"
    jump.write_text("+0d")
    environment = {
        "LD_PRELOAD": LIB,
        "FAKETIME_TIMESTAMP_FILE": str(jump),
        "FAKETIME_NO_CACHE": "1",
        "DONT_FAKE_MONOTONIC": "1",
    }
    visitor = Visitor(stage.start("run", environment=environment).address)
    assert visitor.sign_in().status == 200
    latest = now = 0.0
    signed_in_again = 0
    for offset in stage.rng.sample(_JUMPS * 3, stage.moments):
        before, now = now, _HOURS[offset[-1]] * float(offset[:-1])
        if stage.rng.random() < 0.5:  # an answer that is put off just before the clock changes
            stage.sink.troubles.plan(Trouble(how="answer", verb="MAIL", words="450 Later."))
            _answer(stage, visitor, place)
            stage.until(lambda: stage.sink.troubles.met, "an answer is put off", timeout_s=60)
            stage.sink.troubles.end()
        jump.write_text(offset)
        stage.questions(place, 2)
        page = visitor.get("/v/unassigned")
        assert page.at is not None
        assert abs(page.at - clock.now() - timedelta(hours=now)) < timedelta(minutes=1), page
        if page.is_at_sign_in:
            assert now - latest > _IDLE_H, f"signed out by {before} h to {now} h"
            assert visitor.sign_in().status == 200
            signed_in_again += 1
        latest = now
        _answer(stage, visitor, place)
        stage.until(lambda: not oracle.missing(place), f"mail comes in at {offset}", timeout_s=150)
        stage.until(lambda: not oracle.unsettled(stage), f"answers leave at {offset}", 180)
        commands = len(place.server.troubles.passed)
        time.sleep(2)  # a storm would show by now
        assert len(place.server.troubles.passed) - commands < 40
    stage.note(
        "no storm of looks or tries; answers that were put off left within three minutes of any "
        f"jump; nobody was signed out by a clock set back, {signed_in_again} times by 12 h ahead"
    )


def _answer(stage: Stage, visitor: Visitor, place: Place) -> None:
    number = stage.next_number()
    answer = visitor.press_send(stage, stage.a_ticket(place, number), number)
    assert answer.status == 200, answer


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
    with reading() as session:
        tried = session.scalars(select(DeliveryAttempt.started_at)).all()
    ahead_of_us = sum(each > clock.now() + timedelta(minutes=3) for each in tried)
    assert 0 < ahead_of_us < len(tried), (ahead_of_us, len(tried))
    assert owners == {place.account_id: account(place).lease_owner for place in places}
    stage.note(
        f"each mailbox stayed with one of the two; {ahead_of_us} answers were sent by the one ahead"
    )


@fault(45, "64 file handles, 1 GB of address space", needs=("prlimit",))
def little_of_everything(stage: Stage) -> None:
    """Run the desk with little: it works on, or ends with a sentence, and goes on when it has more."""
    place, seen = stage.a_mailbox("delete"), oracle.Account().inbound
    limits = ("--nofile=64:64", "--as=1073741824:1073741824")
    counted: dict[str, list[int]] = {limit: [0, 0, 0] for limit in limits}
    for moment in range(stage.moments):
        limit = limits[moment % len(limits)]
        sent = stage.rng.randint(5, 20)
        stage.questions(place, sent)
        desk = stage.begin("run", under=("prlimit", limit))
        eventually(lambda: not oracle.missing(place), timeout_s=stage.rng.uniform(20, 40))
        before, seen = seen, oracle.account_for(stage).inbound
        desk.kill()
        for place_of, count in enumerate(
            (sent, seen["entries"] - before["entries"], _held_up(seen) - _held_up(before))
        ):
            counted[limit][place_of] += count
        all_in(stage)
        seen = oracle.account_for(stage).inbound
    for limit, (sent, filed, held_up) in counted.items():
        stage.note(
            f"under {limit.partition(':')[0]}: of {sent} mails {filed} were filed and {held_up} were "
            "under Needs attention, the rest came in when there was more"
        )


def _held_up(counts: Counter[str]) -> int:
    return counts["needs attention"]
