"""A desk dies where it is told to, and only there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from tests.failpoints import armed, every_failpoint

PASSING = "from deskcore.failpoints import failpoint as f; f('a'); f('b'); f('b'); print('alive')"


def passing(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PASSING],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(("name", "at_pass"), [("a", 1), ("b", 2)])
def test_a_process_dies_at_the_pass_it_is_armed_for(name: str, at_pass: int) -> None:
    ended = passing(armed(os.environ, name, at_pass=at_pass))
    assert ended.returncode == -signal.SIGKILL
    assert ended.stdout == ""


@pytest.mark.parametrize(("name", "at_pass"), [("a", 2), ("b", 3), ("c", 1)])
def test_a_process_lives_when_that_pass_does_not_come(name: str, at_pass: int) -> None:
    ended = passing(armed(os.environ, name, at_pass=at_pass))
    assert ended.stdout == "alive\n"


def test_no_two_places_share_a_failpoint() -> None:
    names = every_failpoint()
    assert names == sorted(set(names))
