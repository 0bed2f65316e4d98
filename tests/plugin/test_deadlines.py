"""Work that somebody waits for is cut off, and a plugin that hangs takes its own threads only."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from time import monotonic

import pytest

from deskcore.plugin import deadlines
from deskcore.plugin.channel import TryLater
from deskcore.plugin.deadlines import AT_ONCE, Deadlines
from deskcore.plugin.running import running

SHORT_S = 0.2


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    monkeypatch.setattr(deadlines, "WITHIN_S", SHORT_S)
    event = Event()
    yield event
    event.set()


def test_work_gives_what_it_gives_and_raises_what_it_raises() -> None:
    def fail() -> None:
        raise TimeoutError("the work's own")

    assert Deadlines().within("tea", lambda: 42) == 42
    assert Deadlines().within("tea", running) == "tea"
    with pytest.raises(TimeoutError, match="the work's own"):
        Deadlines().within("tea", fail)


def test_work_that_hangs_is_cut_off(held: Event) -> None:
    began = monotonic()
    with pytest.raises(TimeoutError, match=r"did not come back within 0\.2 seconds"):
        Deadlines().within("tea", lambda: held.wait(20))
    assert monotonic() - began < 5


def test_a_plugin_whose_threads_all_hang_is_put_off_until_one_comes_back(held: Event) -> None:
    threads = Deadlines()
    for _ in range(AT_ONCE):
        with pytest.raises(TimeoutError):
            threads.within("tea", lambda: held.wait(20))
    began = monotonic()
    with pytest.raises(TryLater):
        threads.within("tea", lambda: 42)
    assert monotonic() - began < SHORT_S
    assert threads.within("coffee", lambda: 42) == 42

    held.set()
    while threads.hanging():
        assert monotonic() - began < 20
    assert threads.within("tea", lambda: 42) == 42


def test_an_errand_that_hangs_keeps_none_of_the_others(held: Event) -> None:
    threads = Deadlines()
    with pytest.raises(TimeoutError, match=r"within 0\.1 seconds"):
        threads.within("tea", lambda: held.wait(20), errand="health", at_once=1, seconds=0.1)
    with pytest.raises(TryLater):
        threads.within("tea", lambda: 42, errand="health", at_once=1)
    assert threads.within("tea", lambda: 42) == 42
    assert threads.hanging() == []
