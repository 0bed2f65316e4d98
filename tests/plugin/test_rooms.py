"""One plugin is never inside of all threads: others find room, and what hangs is not waited for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from threading import Thread
from time import monotonic, sleep

import pytest

from deskcore.plugin import rooms
from deskcore.plugin.guard import Guard, Resting
from deskcore.plugin.rooms import NoRoom, Rooms


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "WAIT_S", 0.3)
    monkeypatch.setattr(rooms, "STUCK_S", 0.5)


@pytest.fixture
def full() -> Iterator[tuple[Rooms, ExitStack]]:
    """Give rooms that "tea" has taken all of, and what lets go of them."""
    found, taken = Rooms(2), ExitStack()
    with taken:
        taken.enter_context(found.inside("tea"))
        taken.enter_context(found.inside("tea"))
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
    assert guard.call("tea", "desk_ticket_panels", lambda: 42, patience="pause") == 42
