"""What is told of each call of a plugin while somebody asks, and that nobody pays otherwise."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import Guard, Resting
from deskcore.plugin.strikes import FAULTS_ALLOWED
from deskcore.plugin.tracing import LOOK_S, MOST_BYTES, Trace
from tests.plugin.recording import KeptFaults


class Watch:
    """A stopwatch that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def guard(tmp_path: Path, watch: Watch) -> Guard:
    return Guard(sink=KeptFaults(), trace=Trace(tmp_path / "trace"), stopwatch=watch)


@contextmanager
def asking(folder: Path, slug: str) -> Iterator[Callable[[], list[dict[str, str]]]]:
    """Ask for the calls of a plugin as ``desk trace`` does."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{slug}.1.trace"
    with path.open("w+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield lambda: [json.loads(line) for line in path.read_text().splitlines()]


def fail() -> None:
    raise KeyError("what a customer wrote")


def test_each_call_of_the_plugin_is_told_with_its_outcome(
    tmp_path: Path, guard: Guard, watch: Watch
) -> None:
    with asking(tmp_path / "trace", "tea") as told:
        guard.call("tea", "desk_ticket_panels", list)
        guard.call("coffee", "desk_ticket_panels", list)
        for _ in range(FAULTS_ALLOWED):
            with pytest.raises(PluginFailed):
                guard.call("tea", "desk_nav_items", fail, patience="pause")
        with pytest.raises(Resting):
            guard.call("tea", "desk_nav_items", list, patience="pause")
        with pytest.raises(OSError, match="away"):
            guard.call("tea", "receive", lost, doing="channel", through=(OSError,))
    calls = [(call["place"], call["doing"], call["outcome"]) for call in told()]
    assert calls == [
        ("desk_ticket_panels", "hook", "well"),
        *[("desk_nav_items", "hook", "failed: KeyError")] * FAULTS_ALLOWED,
        ("desk_nav_items", "hook", "Resting"),
        ("receive", "channel", "ConnectionError"),
    ]
    assert "customer" not in str(told())
    assert told()[0]["process"].startswith(f"{os.getpid()} ")


def lost() -> None:
    raise ConnectionError("away")


def test_nobody_looks_for_those_who_ask_more_than_once_a_second(
    tmp_path: Path, guard: Guard, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[object] = []

    def look(folder: Path) -> list[os.DirEntry[str]]:
        looks.append(folder)
        return []

    monkeypatch.setattr("deskcore.plugin.tracing.os.scandir", look)
    for _ in range(1000):
        guard.call("tea", "desk_ticket_panels", list)
    assert len(looks) == 1
    watch.now += LOOK_S
    guard.call("tea", "desk_ticket_panels", list)
    assert len(looks) == 2


def test_telling_ends_with_the_one_who_asked(tmp_path: Path, guard: Guard, watch: Watch) -> None:
    with asking(tmp_path / "trace", "tea") as told:
        guard.call("tea", "desk_ticket_panels", list)
        assert len(told()) == 1
    # Killed, it could not remove its file.
    watch.now += LOOK_S
    guard.call("tea", "desk_ticket_panels", list)
    assert list((tmp_path / "trace").iterdir()) == []


def test_a_reader_that_reads_nothing_is_told_no_more_after_a_while(
    tmp_path: Path, guard: Guard
) -> None:
    with asking(tmp_path / "trace", "tea"):
        path = tmp_path / "trace" / "tea.1.trace"
        os.truncate(path, MOST_BYTES)
        guard.call("tea", "desk_ticket_panels", list)
        assert path.stat().st_size == MOST_BYTES


def test_a_file_that_cannot_be_written_to_is_no_failure_of_the_call(
    tmp_path: Path, guard: Guard
) -> None:
    with asking(tmp_path / "trace", "tea"):
        guard.call("tea", "desk_ticket_panels", list)
        (tmp_path / "trace" / "tea.1.trace").unlink()
        assert guard.call("tea", "desk_ticket_panels", lambda: 5) == 5
        with suppress(PluginFailed):
            guard.call("tea", "desk_ticket_panels", fail)
        assert not (tmp_path / "trace" / "tea.1.trace").exists()
