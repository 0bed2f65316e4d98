"""One plugin is never inside of all threads: others find room, and what hangs is not waited for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from threading import Event, Thread, get_ident
from time import monotonic, sleep

import pytest

from deskcore.plugin import rooms
from deskcore.plugin.guard import Crowded, Guard, Patience, Resting
from deskcore.plugin.rooms import NoRoom, Rooms


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "WAIT_S", 0.3)
    monkeypatch.setattr(rooms, "STUCK_S", 0.5)


@pytest.fixture
def full() -> Iterator[tuple[Rooms, ExitStack]]:
    """Give rooms that "tea" has taken all of, and what lets go of them."""
    found, taken = Rooms(2), ExitStack()
    let_go = Event()

    def stay() -> None:
        with found.inside("tea"):
            let_go.wait(60)

    def leave() -> None:
        let_go.set()
        for thread in threads:
            thread.join()

    threads = [Thread(target=stay) for _ in range(2)]
    taken.callback(leave)
    with taken:
        for thread in threads:
            thread.start()
        while found._count("tea") < 2:
            sleep(0.001)
        yield found, taken


def test_a_plugin_that_has_all_its_rooms_gets_no_other_one(
    full: tuple[Rooms, ExitStack],
) -> None:
    with pytest.raises(NoRoom), full[0].inside("tea"):
        raise AssertionError("inside")
    with full[0].inside("coffee"):
        pass


def test_in_a_rush_the_next_one_waits_its_turn(full: tuple[Rooms, ExitStack]) -> None:
    def let_go() -> None:
        sleep(0.1)
        full[1].close()

    Thread(target=let_go).start()
    with full[0].inside("tea"):
        assert full[0].stuck() == []


def test_nobody_waits_for_a_plugin_that_hangs(full: tuple[Rooms, ExitStack]) -> None:
    sleep(0.6)
    assert full[0].stuck() == ["tea"]
    began = monotonic()
    with pytest.raises(NoRoom), full[0].inside("tea"):
        raise AssertionError("inside")
    assert monotonic() - began < 0.2
    full[1].close()
    assert full[0].stuck() == []


def test_a_hook_on_a_messages_way_is_skipped_when_its_plugin_has_no_room(
    full: tuple[Rooms, ExitStack],
) -> None:
    guard = Guard(rooms=full[0])
    with pytest.raises(Resting):
        guard.call("tea", "desk_inbound_verdict", lambda: 42, patience="rest")
    assert guard.call("tea", "parse", lambda: 42) == 42


def test_whoever_is_inside_of_a_plugin_needs_no_second_room(
    full: tuple[Rooms, ExitStack],
) -> None:
    full[1].close()
    with full[0].inside("tea"), full[0].inside("tea"), full[0].inside("tea"):
        assert not full[0].stuck()
        with full[0].inside("coffee"), full[0].inside("tea"):
            pass
    assert full[0]._inside == {}


def test_few_may_wait_for_room_since_they_hold_threads_too(
    full: tuple[Rooms, ExitStack], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "WAIT_S", 20.0)
    monkeypatch.setattr(rooms, "STUCK_S", 60.0)

    def wait() -> None:
        with full[0].inside("tea"):
            pass

    waiting = [Thread(target=wait) for _ in range(4)]
    for thread in waiting:
        thread.start()
    while full[0]._waiting["tea"] < 4:
        sleep(0.01)
    began = monotonic()
    with pytest.raises(NoRoom):
        wait()
    assert monotonic() - began < 2
    full[1].close()
    for thread in waiting:
        thread.join(20)
    assert full[0]._inside == {}


@pytest.mark.parametrize("patience", ["pause", "page"])
def test_a_part_or_a_page_of_a_plugin_that_hangs_is_not_asked_for(
    full: tuple[Rooms, ExitStack], patience: Patience
) -> None:
    sleep(0.6)
    with pytest.raises(Crowded):
        Guard(rooms=full[0]).call("tea", "page tea.index", lambda: 42, patience=patience)


def test_a_thread_that_is_lost_in_a_page_is_found_with_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rooms, "LOST_S", 0.0)
    guard = Guard()
    (stay,) = guard.call("tea", "page tea.index", guard.rooms.lost, patience="page")
    assert (stay.slug, stay.place, stay.thread) == ("tea", "page tea.index", get_ident())
    with guard.rooms.inside("tea"):  # a job may take its time
        assert guard.rooms.lost() == []
