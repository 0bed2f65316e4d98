"""Background work on both databases: claimed once, tried again, given up visibly."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from deskcore import clock
from deskcore.config import Config
from deskcore.domain.kinds import JobState
from deskcore.domain.people import SYSTEM, Actor
from deskcore.errors import NotAllowed, Unavailable
from deskcore.extensions import config as desk_config
from deskcore.models import Job
from deskcore.plugin.channel import TryLater
from deskcore.services import jobs, leases, ticks
from deskcore.services.leases import Holder
from deskcore.services.unit import reading, unit_of_work
from deskcore.services.wake import Bell

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
done: list[object] = []


@pytest.fixture(autouse=True)
def _fresh(app: Flask) -> None:
    done.clear()


@pytest.fixture
def holder(app: Flask, config: Config) -> Iterator[Holder]:
    with Holder(config.instance / "boot") as one:
        yield one


@jobs.job("test.append")
def append(value: object) -> None:
    done.append(value)


@jobs.job("test.fail")
def fail() -> None:
    raise ValueError("a customer's words")


@jobs.job("test.fail_for_people")
def fail_for_people() -> None:
    raise Unavailable("The printer is out of paper.")


def tick() -> None:
    done.append("tick")


def every_five_minutes() -> None:
    ticks.every(timedelta(minutes=5), "test.tick")(tick)


@jobs.job("test.later")
def later() -> None:
    raise TryLater("greylisted", after=timedelta(hours=3))


@jobs.job("test.in_parts")
def in_parts(parts: int) -> None:
    done.append(parts)
    if len(done) < parts:
        raise jobs.RunAgain


def enqueue(name: str, **more: object) -> None:
    with unit_of_work() as unit:
        unit.enqueue(name, **more)  # type: ignore[arg-type]  # what each test says


def run_all(holder: Holder) -> None:
    while jobs.run_next(holder.name):
        pass


def rows() -> list[Job]:
    with reading() as session:
        return list(session.scalars(select(Job).order_by(Job.id)))


def test_a_job_that_is_done_leaves_nothing(holder: Holder) -> None:
    enqueue("test.append", args={"value": 1})
    run_all(holder)
    assert done == [1]
    assert rows() == []


def test_a_job_of_a_rolled_back_transaction_never_runs(holder: Holder) -> None:
    def fail_after_asking() -> None:
        with unit_of_work() as unit:
            unit.enqueue("test.append", {"value": 1})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_after_asking()
    run_all(holder)
    assert done == []


def test_a_job_waits_for_its_time(holder: Holder) -> None:
    enqueue("test.append", args={"value": 1}, run_at=clock.now() + timedelta(hours=1))
    run_all(holder)
    assert done == []


def test_one_unique_key_makes_one_job(holder: Holder) -> None:
    for value in range(3):
        enqueue("test.append", args={"value": value}, unique_key="only")
    run_all(holder)
    assert done == [0]


def test_a_claimed_job_is_nobody_elses(holder: Holder) -> None:
    enqueue("test.append", args={"value": 1})
    assert jobs.claim(holder.name) is not None
    assert jobs.claim("somebody else") is None


def test_jobs_of_one_order_key_run_one_after_another(holder: Holder) -> None:
    for value in range(3):
        enqueue("test.append", args={"value": value}, order_key="ticket 1")
    enqueue("test.append", args={"value": "other"}, order_key="ticket 2")
    first = jobs.claim(holder.name)
    second = jobs.claim(holder.name)
    assert first is not None
    assert first.args == {"value": 0}
    assert second is not None
    assert second.args == {"value": "other"}
    assert jobs.claim(holder.name) is None
    jobs.run(first)
    run_all(holder)
    assert done == [0, 1, 2]


def test_a_failed_job_comes_again_later_and_later(holder: Holder) -> None:
    with time_machine.travel(NOON, tick=False) as travel:
        enqueue("test.fail")
        waits = []
        for _ in range(4):
            run_all(holder)
            [row] = rows()
            waits.append(row.run_at - clock.now())
            travel.move_to(row.run_at)
    assert waits == sorted(set(waits))


def test_a_job_given_up_stays_visible_without_quoting_anybody(holder: Holder) -> None:
    enqueue("test.fail", max_tries=1)
    run_all(holder)
    [failed] = jobs.failed(SYSTEM)
    assert failed.name == "test.fail"
    assert failed.error.startswith("ValueError in ")
    assert "words" not in failed.error


def test_an_error_made_for_people_is_shown_as_it_is(holder: Holder) -> None:
    enqueue("test.fail_for_people", max_tries=1)
    run_all(holder)
    [failed] = jobs.failed(SYSTEM)
    assert failed.error == "The printer is out of paper."


def test_a_job_given_up_runs_again_when_a_person_says_so(holder: Holder) -> None:
    enqueue("test.fail", max_tries=1)
    run_all(holder)
    [failed] = jobs.failed(SYSTEM)
    jobs.retry(SYSTEM, failed.id)
    claimed = jobs.claim(holder.name)
    assert claimed is not None
    assert claimed.tries == 1


def test_only_who_manages_the_desk_sees_failed_jobs(app: Flask) -> None:
    with pytest.raises(NotAllowed):
        jobs.failed(Actor(kind="user", id=1, role="agent"))


def test_a_failed_job_does_not_hold_up_those_behind_it(holder: Holder) -> None:
    enqueue("test.fail", max_tries=1, order_key="same")
    enqueue("test.append", args={"value": 1}, order_key="same")
    run_all(holder)
    assert done == [1]


def test_try_later_waits_as_long_as_it_was_told(holder: Holder) -> None:
    with time_machine.travel(NOON, tick=False):
        enqueue("test.later")
        run_all(holder)
        [row] = rows()
    assert row.run_at == NOON + timedelta(hours=3)


def test_slow_work_in_parts_is_no_failure(holder: Holder) -> None:
    enqueue("test.in_parts", args={"parts": 20}, max_tries=2)
    run_all(holder)
    assert done == [20] * 20
    assert rows() == []


def test_an_unknown_job_waits_for_a_desk_that_knows_it(holder: Holder) -> None:
    enqueue("test.from_a_newer_version")
    run_all(holder)
    [row] = rows()
    assert row.state == JobState.READY
    assert row.tries == 1


def test_a_dead_holders_job_comes_back_when_its_lease_ends(holder: Holder) -> None:
    enqueue("test.append", args={"value": 1})
    jobs.claim("a machine that burned down")
    # A PostgreSQL lease goes by the server's clock, so the row is aged instead of the time.
    with unit_of_work() as unit:
        for row in unit.session.scalars(select(Job)):
            assert row.lease_until is not None
            row.lease_until -= leases.LEASE + timedelta(seconds=1)
    run_all(holder)
    assert done == [1]


def test_a_holder_that_died_here_is_noticed_at_once(holder: Holder, config: Config) -> None:
    boot = config.instance / "boot"
    enqueue("test.append", args={"value": 1})
    jobs.claim("gone")
    (boot / "gone.holder").touch()  # nobody holds its lock
    assert leases.release_dead(boot) == 1
    run_all(holder)
    assert done == [1]


def test_a_living_holder_keeps_its_work(holder: Holder, config: Config) -> None:
    enqueue("test.append", args={"value": 1})
    jobs.claim(holder.name)
    assert leases.release_dead(config.instance / "boot") == 0
    assert leases.has_living(config.instance / "boot")
    assert jobs.claim("another") is None


def test_who_slept_through_a_lease_cannot_settle_the_job(holder: Holder) -> None:
    enqueue("test.append", args={"value": 1})
    slept = jobs.claim("sleeper")
    assert slept is not None
    with unit_of_work() as unit:
        for row in unit.session.scalars(select(Job)):
            row.lease_until = clock.now() - timedelta(hours=1)
    taken = jobs.claim(holder.name)
    assert taken is not None
    jobs.run(slept)
    [row] = rows()
    assert row.lease_owner == holder.name
    assert row.state == JobState.RUNNING


def test_renewing_keeps_a_long_job(holder: Holder) -> None:
    enqueue("test.append", args={"value": 1})
    jobs.claim(holder.name)
    [before] = rows()
    with unit_of_work() as unit:
        for row in unit.session.scalars(select(Job)):
            assert row.lease_until is not None
            row.lease_until -= timedelta(seconds=50)
    jobs.renew(holder.name)
    [after] = rows()
    assert before.lease_until is not None
    assert after.lease_until is not None
    assert after.lease_until >= before.lease_until


def test_a_job_whose_end_could_not_be_written_down_runs_again(
    holder: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueue("test.append", args={"value": 1})
    claimed = jobs.claim(holder.name)
    assert claimed is not None
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "_finish", _no_room)
        with pytest.raises(OSError, match="no room"):
            jobs.run(claimed)
    with unit_of_work() as unit:
        for row in unit.session.scalars(select(Job)):
            assert row.lease_until is not None
            row.lease_until -= timedelta(seconds=50)
    before = rows()[0].lease_until
    jobs.renew(holder.name)
    assert rows()[0].lease_until == before


def _no_room(_claimed: object) -> None:
    raise OSError("no room")


def test_a_job_that_kills_its_worker_is_given_up(holder: Holder) -> None:
    enqueue("test.append", args={"value": 1}, max_tries=2)
    for _ in range(2):
        jobs.claim("gone")
        with unit_of_work() as unit:
            for row in unit.session.scalars(select(Job)):
                row.state = JobState.READY
    run_all(holder)
    assert done == []
    [failed] = jobs.failed(SYSTEM)
    assert "died" in failed.error


def test_clock_work_runs_once_per_turn_however_many_look(holder: Holder) -> None:
    every_five_minutes()
    with time_machine.travel(NOON, tick=False) as travel:
        for _ in range(3):
            ticks.enqueue_due()
            run_all(holder)
        assert done.count("tick") == 1
        travel.shift(timedelta(minutes=5))
        ticks.enqueue_due()
        ticks.enqueue_due()
        run_all(holder)
    assert done.count("tick") == 2


def test_clock_work_goes_on_when_a_clock_that_was_ahead_is_put_right(holder: Holder) -> None:
    every_five_minutes()
    with time_machine.travel(NOON + timedelta(days=365), tick=False) as travel:
        ticks.enqueue_due()
        run_all(holder)
        travel.move_to(NOON)
        ticks.enqueue_due()
        run_all(holder)
        assert done.count("tick") == 2
        ticks.enqueue_due()
        run_all(holder)
    assert done.count("tick") == 2


def test_machines_that_differ_by_minutes_take_each_turn_once(holder: Holder) -> None:
    every_five_minutes()
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False) as travel:
        ticks.enqueue_due()
        travel.move_to(NOON)
        ticks.enqueue_due()
        travel.shift(timedelta(minutes=5))
        run_all(holder)
    assert done.count("tick") == 1


def test_nothing_waits_for_the_time_that_a_wrong_clock_was_at(holder: Holder) -> None:
    every_five_minutes()
    with time_machine.travel(NOON + timedelta(days=365), tick=False) as travel:
        ticks.enqueue_due()
        enqueue("test.fail")
        run_all(holder)  # it fails and is put off
        travel.move_to(NOON)
        ticks.enqueue_due()
        with reading() as session:
            assert session.scalars(select(Job.run_at).where(Job.name == "test.fail")).one() <= (
                NOON + timedelta(minutes=1)
            )


def test_clock_work_that_dies_with_its_worker_is_tried_again(holder: Holder) -> None:
    every_five_minutes()
    with time_machine.travel(NOON, tick=False):
        ticks.enqueue_due()
        while jobs.claim("gone"):
            pass
        with unit_of_work() as unit:
            unit.session.execute(update(Job).values(state=JobState.READY))
        run_all(holder)
    assert done.count("tick") == 1


def test_the_bell_rings_across_processes_and_may_be_thrown_away(app: Flask) -> None:
    instance: Path = desk_config().instance
    heard: list[str] = []
    Bell(instance).ring()
    listening = Bell(instance, lambda: heard.append("ring"))
    task = listening.huey.dequeue()
    listening.huey.execute(task)
    assert heard == ["ring"]
    listening.huey.storage.close()
    (instance / "huey.db").write_bytes(b"not a database at all" * 100)
    Bell(instance).ring()
    assert Bell(instance).huey.pending_count() == 1


def test_asking_again_for_a_job_that_was_given_up_begins_it_anew(holder: Holder) -> None:
    enqueue("test.fail", unique_key="only", max_tries=1)
    run_all(holder)
    enqueue("test.append", args={"value": 2}, unique_key="only")
    run_all(holder)
    assert done == [2]
    assert rows() == []
