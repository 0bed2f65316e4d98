"""The fence around plugins' code."""

from __future__ import annotations

import decimal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic, sleep

import pytest

from deskcore.plugin import guard as guard_module
from deskcore.plugin.channel import TryLater
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import REST_S, Guard, Resting
from deskcore.plugin.marks import Marks, read_marks
from deskcore.plugin.strikes import FAULTS_ALLOWED, SLOW_ALLOWED, Strikes
from tests.plugin.recording import KeptFaults
from tests.plugin.test_strikes import Clock


def fail() -> None:
    raise KeyError("secret of a customer")


@pytest.fixture
def kept() -> KeptFaults:
    return KeptFaults()


def test_work_that_succeeds_gives_its_answer(kept: KeptFaults) -> None:
    assert Guard(sink=kept).call("tea", "place", lambda: 42) == 42
    assert kept.faults == []


@pytest.mark.parametrize(
    "error", [ValueError("x"), SystemExit(1), RecursionError(), MemoryError(), AssertionError()]
)
def test_whatever_a_plugin_raises_is_recorded_with_its_name(
    kept: KeptFaults, error: BaseException
) -> None:
    def work() -> None:
        raise error

    with pytest.raises(PluginFailed, match="tea failed in place"):
        Guard(sink=kept).call("tea", "place", work)
    (fault,) = kept.faults
    assert (fault.slug, fault.place) == ("tea", "place")
    assert type(error).__name__ in fault.message
    assert __file__ in fault.traceback


def test_the_keyboard_still_stops_the_desk(kept: KeptFaults) -> None:
    def work() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Guard(sink=kept).call("tea", "place", work)


def test_answers_that_are_exceptions_pass_without_fault(kept: KeptFaults) -> None:
    def work() -> None:
        raise TryLater("The server is busy.")

    with pytest.raises(TryLater):
        Guard(sink=kept).call("tea", "send", work, through=(TryLater,))
    assert kept.faults == []


def test_faults_of_one_cause_share_their_digest(kept: KeptFaults) -> None:
    guard = Guard(sink=kept)
    for slug in ("tea", "tea", "coffee"):
        with pytest.raises(PluginFailed):
            guard.call(slug, "place", fail)
    first, second, other = kept.faults
    assert first.digest == second.digest != other.digest


def test_faults_are_not_logged_with_what_they_quote(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(PluginFailed):
        Guard().call("tea", "place", fail)
    assert "plugin=tea" in caplog.text
    assert "secret of a customer" not in caplog.text


def test_a_plugin_whose_page_hooks_keep_failing_is_paused_and_admins_hear_once(
    kept: KeptFaults,
) -> None:
    guard = Guard(sink=kept, strikes=Strikes(Clock()))
    for _ in range(FAULTS_ALLOWED):
        with pytest.raises(PluginFailed):
            guard.call("tea", "desk_ticket_panels", fail, patience="pause")
    for place in ("desk_ticket_panels", "another place"):
        with pytest.raises(Resting):
            guard.call("tea", place, fail, patience="pause")
    assert guard.is_paused("tea")
    assert [(slug, place) for slug, place, _ in kept.pauses] == [("tea", "")]
    assert guard.call("coffee", "desk_ticket_panels", lambda: 1, patience="pause") == 1


def test_a_message_hook_that_keeps_failing_rests_alone_and_is_tried_again(
    kept: KeptFaults,
) -> None:
    clock = Clock()
    guard = Guard(sink=kept, strikes=Strikes(clock))
    for _ in range(FAULTS_ALLOWED):
        with pytest.raises(PluginFailed):
            guard.call("tea", "desk_inbound_verdict", fail, patience="rest")
    with pytest.raises(Resting):
        guard.call("tea", "desk_inbound_verdict", lambda: 1, patience="rest")
    assert guard.call("tea", "desk_inbound_prepare", lambda: 1, patience="rest") == 1
    assert not guard.is_paused("tea")
    clock.seconds += REST_S
    assert guard.call("tea", "desk_inbound_verdict", lambda: 1, patience="rest") == 1


def test_a_page_hook_that_is_slow_too_often_is_paused(kept: KeptFaults) -> None:
    clock = Clock()
    guard = Guard(sink=kept, strikes=Strikes(clock), stopwatch=clock)

    def dawdle() -> int:
        clock.seconds += 2.5
        return 1

    for _ in range(SLOW_ALLOWED):
        assert guard.call("tea", "desk_ticket_panels", dawdle, patience="pause") == 1
    with pytest.raises(Resting):
        guard.call("tea", "desk_ticket_panels", dawdle, patience="pause")
    ((slug, _, reason),) = kept.pauses
    assert slug == "tea"
    assert "2 seconds" in reason


def test_a_page_that_is_slow_again_and_again_is_told_and_never_paused(kept: KeptFaults) -> None:
    clock = Clock()
    guard = Guard(sink=kept, strikes=Strikes(clock), stopwatch=clock)

    def dawdle() -> int:
        clock.seconds += 2.5
        return 1

    for _ in range(2 * SLOW_ALLOWED):
        assert guard.call("tea", "page tea.index", dawdle, patience="page") == 1
    assert not kept.pauses
    assert {fault.place for fault in kept.faults} == {"slow: page tea.index"}
    assert "It took 2.5 seconds" in kept.faults[0].message


def test_the_process_is_marked_while_a_plugin_works(tmp_path: Path) -> None:
    marks = Marks(tmp_path)
    guard = Guard(marks=marks)
    (inside,) = guard.call("tea", "parse", lambda: read_marks(marks.path))
    assert (inside.slug, inside.place, inside.doing) == ("tea", "parse", "hook")
    with pytest.raises(PluginFailed):
        guard.call("tea", "parse", sys.exit)
    assert read_marks(marks.path) == []
    marks.close()


def test_every_call_runs_in_a_scope_that_learns_of_its_failure() -> None:
    seen: list[str] = []

    @contextmanager
    def scope() -> Iterator[None]:
        seen.append("opened")
        try:
            yield
        except KeyError:
            seen.append("undone")
            raise

    guard = Guard(scope=scope)
    works: list[Callable[[], object]] = [lambda: 1, fail]
    guard.call("tea", "place", works[0])
    with pytest.raises(PluginFailed):
        guard.call("tea", "place", works[1])
    assert seen == ["opened", "opened", "undone"]


def test_a_message_waits_a_moment_for_a_plugin_that_hangs_and_others_do_not(
    kept: KeptFaults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard_module, "BRIEF_S", 0.2)
    guard, let_go = Guard(sink=kept), Event()

    def judge(work: Callable[[], object]) -> object:
        return guard.call("tea", "desk_inbound_verdict", work, patience="brief")

    assert judge(lambda: 42) == 42
    began = monotonic()
    with pytest.raises(PluginFailed, match="TimeoutError"):
        judge(let_go.wait)
    assert 0.2 <= monotonic() - began < 2
    began = monotonic()
    with pytest.raises(PluginFailed, match="TryLater"):
        judge(lambda: 42)
    assert monotonic() - began < 0.1
    assert guard.call("coffee", "desk_inbound_verdict", lambda: 7, patience="brief") == 7
    let_go.set()
    while guard.deadlines._hung["tea", "desk_inbound_verdict"]:
        sleep(0.01)
    assert judge(lambda: 42) == 42


def test_what_is_changed_on_a_messages_way_is_put_back(kept: KeptFaults) -> None:
    def change() -> None:
        decimal.getcontext().prec = 3

    Guard(sink=kept).call("tea", "desk_inbound_verdict", change, patience="brief")
    [fault] = kept.faults
    assert "the decimal context" in fault.message
