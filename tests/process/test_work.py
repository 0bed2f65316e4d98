"""Background work in running desks: soon, once, in order, and again after a death."""

from __future__ import annotations

import json
import os
import signal
from collections import Counter
from functools import partial
from pathlib import Path
from statistics import median

import pytest

from deskcore import clock
from deskcore.extensions import db
from deskcore.models import Job
from tests.process.conftest import StartDesk
from tests.process.desks import Desk, wait_until
from tests.process.subscribers import an_event, beside, install_subscriber, notes

PLUGINS = json.dumps(["subscriber"])


def ends(desk: Desk) -> list[str]:
    return [words[1] for words in notes(desk) if words[0] == "end"]


def has_ended(desk: Desk, count: int) -> bool:
    return len(ends(desk)) == count


def open_jobs(desk: Desk) -> int:
    with beside(desk), db.engine.connect() as connection:
        return len(
            connection.execute(Job.__table__.select().where(Job.name == "event.deliver")).all()
        )


def test_work_starts_well_within_a_second_of_its_commit(
    start_desk: StartDesk, tmp_path: Path, database_url: str
) -> None:
    install_subscriber(tmp_path / "instance")
    desk = start_desk(plugins=PLUGINS, database_url=database_url).ready()
    waits = []
    for number in range(1, 8):
        began = clock.now().timestamp()
        an_event(desk, number)
        wait_until(partial(has_ended, desk, number), "the event is handled")
        waits.append(float(notes(desk)[-2][2]) - began)
    assert median(waits) < 1.0


@pytest.mark.kills
def test_a_job_whose_worker_was_killed_runs_again_soon(
    start_desk: StartDesk, tmp_path: Path, database_url: str
) -> None:
    # The first run hangs; the second finds the note of the first and ends.
    install_subscriber(
        tmp_path / "instance",
        "time.sleep(600 if (HERE / 'notes.txt').read_text().count('begin') == 1 else 0)",
    )
    desk = start_desk(plugins=PLUGINS, database_url=database_url).ready()
    an_event(desk)
    wait_until(lambda: notes(desk), "the job begins")
    os.kill(desk.child("worker"), signal.SIGKILL)
    wait_until(lambda: ends(desk) == ["1"], "the job is done by another worker")
    wait_until(lambda: open_jobs(desk) == 0, "nothing is left to do")


@pytest.mark.kills
def test_after_a_power_cut_the_work_goes_on(
    start_desk: StartDesk, tmp_path: Path, database_url: str
) -> None:
    install_subscriber(
        tmp_path / "instance",
        "time.sleep(600 if (HERE / 'notes.txt').read_text().count('begin') == 1 else 0)",
    )
    desk = start_desk(plugins=PLUGINS, database_url=database_url).ready()
    an_event(desk)
    wait_until(lambda: notes(desk), "the job begins")
    desk.kill()
    again = start_desk(plugins=PLUGINS, database_url=database_url)
    wait_until(lambda: ends(again) == ["1"], "the job is done after the restart")


def test_two_workers_run_each_job_once(
    start_desk: StartDesk, tmp_path: Path, database_url: str
) -> None:
    install_subscriber(tmp_path / "instance", "time.sleep(0.05)")
    desk = start_desk(plugins=PLUGINS, database_url=database_url, worker_children="2").ready()
    wait_until(lambda: desk.count("worker ready") == 2, "both workers")
    an_event(desk, *range(1, 41))
    wait_until(lambda: len(ends(desk)) >= 40, "all are handled", lambda: desk.errors)
    wait_until(lambda: open_jobs(desk) == 0, "nothing is left to do")
    assert Counter(ends(desk)) == Counter(str(number) for number in range(1, 41))
    assert len({words[2] for words in notes(desk) if words[0] == "end"}) == 2


def test_a_subscriber_that_fails_is_tried_again_and_holds_up_nobody_else(
    start_desk: StartDesk, tmp_path: Path, sqlite_url: str
) -> None:
    install_subscriber(
        tmp_path / "instance",
        "if event.customer_id == 1 and "
        "(HERE / 'notes.txt').read_text().count('begin 1 ') == 1: raise ValueError('once')",
    )
    desk = start_desk(plugins=PLUGINS, database_url=sqlite_url).ready()
    an_event(desk, 1)
    wait_until(lambda: desk.count("job failed, will be tried again"), "the first failure")
    wait_until(lambda: ends(desk) == ["1"], "the second try", lambda: desk.errors)
    assert "once" not in desk.errors


def test_losing_the_bells_store_loses_no_work(
    start_desk: StartDesk, tmp_path: Path, sqlite_url: str
) -> None:
    install_subscriber(tmp_path / "instance")
    settings = {"plugins": PLUGINS, "database_url": sqlite_url}
    desk = start_desk(**settings).ready()
    desk.stop()
    an_event(desk)
    for path in desk.instance.glob("huey.db*"):
        path.unlink()
    again = start_desk(**settings)
    wait_until(lambda: ends(again) == ["1"], "the work is done without any bell")
