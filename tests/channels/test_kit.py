"""The kit as channel authors meet it: outside the desk's tree, in plain pytest, with its words."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from deskcore.clock import now
from deskcore.plugin import RawItem
from deskcore.testing.checks import CHECKS
from deskcore.testing.contract import Contract, folder_of
from deskcore.testing.desk import KitDesk
from deskcore.testing.report import Result, concerning, explained, left_out, summary
from tests.channels.contracts import said_of
from tests.channels.echo_polled.channel import EchoPolled
from tests.channels.simulator import message as event

ROOT = Path(__file__).resolve().parents[2]
TEST_FILE = """
from deskcore.testing import channel_contract
from acme.channel import EchoPolled

TestAcme = channel_contract(
    EchoPolled,
    settings={"host": "127.0.0.1", "port": 1, "encrypted": False, "token": "t"},
    samples="acme/tests/samples",
)
"""


@pytest.fixture
def acme(tmp_path: Path) -> Contract:
    """Say of a copy of the polled channel what is said of itself."""
    shutil.copytree(folder_of(EchoPolled), tmp_path / "acme")
    return Contract(kind=EchoPolled, folder=tmp_path / "acme", **said_of(EchoPolled))


def test_an_author_runs_the_kit_outside_the_desk_and_reads_what_is_missing(
    acme: Contract, tmp_path: Path
) -> None:
    (tmp_path / "test_acme.py").write_text(TEST_FILE)
    told = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "deskcore.testing.plugin", "test_acme.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"},
        capture_output=True,
        text=True,
        check=False,
    )
    [line] = [line for line in told.stdout.splitlines() if line.startswith("echo_polled 1.0: ")]
    assert "skipped with reasons" in line
    assert line.endswith("missing")
    assert "The contract names no far side." in told.stdout
    assert "In production: " in told.stdout


def test_a_check_is_left_out_with_a_reason_and_never_without(acme: Contract) -> None:
    (acme.folder / "quality.toml").write_text('[skip]\nK20 = "there are no edits"\nK21 = " "\n')
    excused = {each.id: each.why for each in left_out(acme) if each.outcome == "excused"}
    assert excused == {"K20": "there are no edits"}
    assert "K21" in {each.id for each in concerning(acme)}


def test_what_is_not_claimed_is_left_out_with_the_reason(acme: Contract) -> None:
    reasons = {each.id: each.why for each in left_out(acme)}
    assert reasons["K07"] == "the channel is not pushed"
    assert reasons["K13"] == "the channel does not listen"
    assert "K36" not in reasons


@pytest.mark.parametrize(
    ("failed", "line"),
    [
        ((), "acme 1.2: gold - 38 passed, 0 skipped with reasons"),
        (("K55",), "acme 1.2: silver - 37 passed, 0 skipped with reasons, K55 missing"),
        (("K20", "K55"), "acme 1.2: bronze - 36 passed, 0 skipped with reasons, K20 K55 missing"),
        (("K01",), "acme 1.2: no level - 37 passed, 0 skipped with reasons, K01 missing"),
    ],
)
def test_the_level_is_the_highest_without_a_gap_below(failed: tuple[str, ...], line: str) -> None:
    results = [Result(id=name, outcome="failed" if name in failed else "passed") for name in CHECKS]
    assert summary("acme 1.2", results) == line


def test_a_check_that_was_not_run_is_missing() -> None:
    results = [Result(id=name, outcome="passed") for name in CHECKS if name != "K03"]
    assert summary("acme 1.2", results).endswith("K03 missing")


def test_a_failure_says_what_is_wrong_and_what_it_leads_to() -> None:
    words = explained(CHECKS["K31"], Result(id="K31", outcome="failed", why="It arrived twice."))
    assert words.startswith("K31 (bronze): ")
    assert "What is wrong: It arrived twice." in words
    assert "In production: Every try that has lost its answer" in words


def test_a_test_of_an_author_has_a_desk_of_its_own(
    acme: Contract, plugin_desk: Callable[[Contract], KitDesk]
) -> None:
    desk = plugin_desk(acme)
    content = json.dumps(event("m1", "Where is it?")).encode()
    desk.file([RawItem(external_id="1", cursor="1", received_at=now(), content=content)])
    assert [said.text for said in desk.said()] == ["Where is it?"]
    assert desk.unfiled() == []
