"""A desk that nobody disturbs: its parent becomes small, and is there again when it is needed."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.process.conftest import StartDesk
from tests.process.desks import Desk, is_alive, wait_until
from tests.process.test_running import is_free

SOON = {"deskcore.serve.GOOD_LIFE_S": 0.5}


@pytest.fixture
def resting(start_desk: StartDesk) -> Desk:
    """Give a desk whose parent rests."""
    desk = start_desk(changes=SOON).ready()
    wait_until(lambda: rests(desk), "the parent rests", lambda: desk.errors)
    return desk


def rests(desk: Desk) -> bool:
    """Whether the parent is the small program that waits."""
    return b"watch.py" in Path(f"/proc/{desk.process.pid}/cmdline").read_bytes()


def test_a_quiet_parent_is_small_and_its_children_serve(resting: Desk) -> None:
    children = resting.children()
    assert len(children) == 2
    assert resting.get("readyz") == 200
    [own] = [
        int(line.split()[1])
        for line in Path(f"/proc/{resting.process.pid}/smaps_rollup").read_text().splitlines()
        if line.startswith("Private_Dirty")
    ]
    assert own < 8_000  # kB; some 30,000 awake


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_resting_desk_stops_in_order(resting: Desk, number: int) -> None:
    children = resting.children()
    assert resting.stop(number) == 0
    assert not any(is_alive(pid) for pid in children)
    assert resting.count("web stopped") == resting.count("worker stopped") == 1
    assert "Traceback" not in resting.errors


@pytest.mark.kills
@pytest.mark.parametrize("kind", ["web", "worker"])
def test_a_child_killed_under_a_resting_parent_comes_back(resting: Desk, kind: str) -> None:
    os.kill(resting.child(kind), signal.SIGKILL)
    wait_until(lambda: resting.count(f"{kind} ready") == 2, "a new child is ready")
    assert not rests(resting)
    assert resting.get("readyz") == 200
    assert resting.stop() == 0


def test_a_resting_desk_hands_over_without_refusing_anybody(resting: Desk) -> None:
    old = set(resting.children())
    resting.process.send_signal(signal.SIGHUP)

    def is_handed_over() -> bool:
        assert resting.get("healthz") == 200
        now = set(resting.children())
        return len(now) == 2 and not now & old

    wait_until(is_handed_over, "two new children", lambda: resting.errors)
    assert resting.stop() == 0


@pytest.mark.kills
def test_children_do_not_outlive_a_killed_parent_that_rested(resting: Desk) -> None:
    children = resting.children()
    port = int(resting.address.rstrip("/").rpartition(":")[2])
    os.kill(resting.process.pid, signal.SIGKILL)
    wait_until(lambda: not any(is_alive(pid) for pid in children), "the children end")
    wait_until(lambda: is_free(port), "the port is free")
