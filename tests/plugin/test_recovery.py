"""Naming the plugin that a process died of."""

from __future__ import annotations

import faulthandler
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine

from deskcore.plugin.marks import Doing, Marks
from deskcore.plugin.recovery import HUNG, Quarantine, explain_death, is_safe_mode, sweep

Inside = list[tuple[str, str, Doing]]


def die(boot: Path, inside: Inside, how: Callable[[], object]) -> tuple[int, int]:
    """Let a child die while inside of plugins; give its pid and status as ``waitpid`` does."""
    pid = os.fork()
    if pid == 0:
        faulthandler.disable()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        marks = Marks(boot)
        for slug, place, doing in inside:
            marks.enter(slug, place, doing)
        how()
        os._exit(99)
    return os.waitpid(pid, 0)


def exits() -> None:
    os._exit(9)


def by(number: int) -> Callable[[], None]:
    return lambda: os.kill(os.getpid(), number)


def test_a_plugin_that_ends_the_process_in_a_hook_is_named_and_left_out(tmp_path: Path) -> None:
    blame = explain_death(tmp_path, *die(tmp_path, [("tea", "desk_ticket_panels", "hook")], exits))
    assert blame is not None
    assert (blame.slug, blame.place) == ("tea", "desk_ticket_panels")
    assert Quarantine(tmp_path).reason("tea") == (
        "The process ended itself with code 9 in desk_ticket_panels."
    )
    assert list(tmp_path.glob("*.mark")) == []


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS])
def test_a_crash_in_c_code_is_the_plugins_doing(tmp_path: Path, number: int) -> None:
    explain_death(tmp_path, *die(tmp_path, [("tea", "parse", "hook")], by(number)))
    assert f"signal {int(number)}" in Quarantine(tmp_path).reason("tea")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_signal_from_outside_is_nobodys_fault(tmp_path: Path, number: int) -> None:
    inside: Inside = [("email", "wait", "channel"), ("tea", "desk_ticket_panels", "hook")]
    assert explain_death(tmp_path, *die(tmp_path, inside, by(number))) is None
    assert Quarantine(tmp_path).blames() == {}


def test_a_death_outside_of_plugins_is_not_a_plugins_fault(tmp_path: Path) -> None:
    assert explain_death(tmp_path, *die(tmp_path, [], exits)) is None


def test_being_killed_at_every_import_is_the_plugins_fault(tmp_path: Path) -> None:
    explain_death(tmp_path, *die(tmp_path, [("tea", "import", "import")], by(signal.SIGKILL)))
    assert "while it was being imported" in Quarantine(tmp_path).reason("tea")


def test_a_channel_that_waits_is_not_blamed_for_a_hook(tmp_path: Path) -> None:
    inside: Inside = [("tea", "desk_inbound_verdict", "hook"), ("email", "wait", "channel")]
    explain_death(tmp_path, *die(tmp_path, inside, exits))
    assert Quarantine(tmp_path).reason("tea")
    assert not Quarantine(tmp_path).reason("email")


def test_between_two_plugins_in_hooks_the_second_death_decides(tmp_path: Path) -> None:
    inside: Inside = [("coffee", "desk_ticket_panels", "hook"), ("tea", "parse", "hook")]
    quarantine = Quarantine(tmp_path)
    explain_death(tmp_path, *die(tmp_path, inside, exits))
    assert not quarantine.reason("tea")
    assert not quarantine.reason("coffee")
    explain_death(tmp_path, *die(tmp_path, inside, exits))
    assert quarantine.reason("tea")
    assert not quarantine.reason("coffee")


def test_a_suspicion_is_forgotten_after_an_hour(tmp_path: Path) -> None:
    quarantine = Quarantine(tmp_path)
    start = datetime(2026, 11, 21, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False):
        quarantine.add("tea", "parse", "It died.", is_certain=False)
    with time_machine.travel(start + timedelta(hours=1), tick=False):
        assert not quarantine.add("tea", "parse", "It died.", is_certain=False).is_certain
    with time_machine.travel(start + timedelta(hours=1, minutes=59), tick=False):
        assert quarantine.add("tea", "parse", "It died.", is_certain=False).is_certain


def test_a_released_plugin_starts_afresh(tmp_path: Path) -> None:
    quarantine = Quarantine(tmp_path)
    quarantine.add("tea", "import", "It died.")
    quarantine.release("tea")
    assert quarantine.blames() == {}
    quarantine.release("tea")


def test_an_import_that_nobody_saw_die_twice_is_left_out(tmp_path: Path) -> None:
    quarantine = Quarantine(tmp_path)
    for is_left_out in (False, True):
        die(tmp_path, [("tea", "import", "import")], exits)
        die(tmp_path, [("coffee", "desk_ticket_panels", "hook")], exits)
        assert [blame.slug for blame in sweep(tmp_path)] == ["tea"]
        assert bool(quarantine.reason("tea")) is is_left_out
    assert list(quarantine.blames()) == ["tea"]


def test_marks_of_living_processes_are_left_alone(tmp_path: Path) -> None:
    living = Marks(tmp_path)
    living.enter("milk", "import", "import")
    assert sweep(tmp_path) == []
    assert list(tmp_path.glob("*.mark")) == [living.path]
    living.close()


def test_a_hung_import_is_called_so(tmp_path: Path) -> None:
    explain_death(tmp_path, *die(tmp_path, [("tea", "import", "import")], lambda: os._exit(HUNG)))
    assert "hung" in Quarantine(tmp_path).reason("tea")


@pytest.mark.parametrize("content", ["", "[", "{}", '[{"slug": 1}]', "[1]", "null"])
def test_a_damaged_quarantine_holds_nobody(tmp_path: Path, content: str) -> None:
    (tmp_path / "quarantine.json").write_text(content, encoding="utf-8")
    assert Quarantine(tmp_path).blames() == {}
    assert Quarantine(tmp_path).add("tea", "import", "It died.").is_certain


def test_safe_mode_is_a_file_or_a_setting(tmp_path: Path) -> None:
    assert not is_safe_mode(tmp_path, configured=False)
    assert is_safe_mode(tmp_path, configured=True)
    (tmp_path / "SAFE_MODE").touch()
    assert is_safe_mode(tmp_path, configured=False)
