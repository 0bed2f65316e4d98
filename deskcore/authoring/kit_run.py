"""A plugin's own tests, run by pytest in a process of their own: whatever they do ends only that."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from deskcore.authoring.folder import TESTS, PluginFolder
from deskcore.config import CHECKOUT
from deskcore.testing.plugin import REPORT
from deskcore.testing.report import Result

PATIENCE_S = 900.0
_KIT = ("-p", "deskcore.testing.plugin", "-p", "no:cacheprovider", "-q")
_PROJECT = "pyproject.toml"
# What the command writes is its owner's alone; servers that tests start run as somebody else.
_UMASK = 0o022


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of the tests: of each contract by its title, and of all other tests.

    ``skipped`` counts tests by the reason why they were not run, ``servers`` those that spoke to a
    real server by its name. ``problem`` is not empty when they could not be run to their end.
    """

    contracts: dict[str, list[Result]] = field(default_factory=dict)
    failed: tuple[str, ...] = ()
    passed: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    servers: dict[str, int] = field(default_factory=dict)
    problem: str = ""


def run_tests(folder: PluginFolder, tests: Path | None = None) -> Tried:
    """Run the tests that lie in the plugin's folder, or those that *tests* names.

    Those of a plugin that comes with the desk lie beside all others of the desk.
    """
    tests = tests or desk_tests(folder)
    place = tests or folder.path / TESTS
    if not place.exists():
        return Tried(problem=f"There are no tests: {place} is not there.")
    with tempfile.TemporaryDirectory(prefix="desk-check-") as made:
        report = Path(made) / "report.json"
        # Those elsewhere have a configuration of theirs; these have the plugin's, if any.
        own = folder.path / _PROJECT
        home = () if tests else ("-c", str(own) if own.is_file() else os.devnull)
        root = () if tests else ("--rootdir", str(folder.path))
        command = [sys.executable, "-m", "pytest", *_KIT, *home, *root, REPORT, str(report), place]
        try:
            done = subprocess.run(
                command,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
                capture_output=True,
                text=True,
                errors="replace",
                check=False,
                timeout=PATIENCE_S,
                umask=_UMASK,
            )
        except subprocess.TimeoutExpired:
            return Tried(problem=f"They did not end within {PATIENCE_S:g} seconds.")
        if not report.exists():
            words = (done.stderr.strip() or done.stdout.strip()).splitlines()
            return Tried(problem=f"pytest ended with {done.returncode}: {' '.join(words[-1:])}")
        return _read(report)


def desk_tests(folder: PluginFolder) -> Path | None:
    """Return where the tests of a bundled plugin are; None for everybody else's."""
    there = CHECKOUT / TESTS / folder.slug
    is_bundled = folder.path.parent == CHECKOUT / "plugins"
    return there if is_bundled and there.is_dir() and not (folder.path / TESTS).exists() else None


def _read(report: Path) -> Tried:
    found = json.loads(report.read_text("utf-8"))
    contracts = {
        title: [Result(id=name, outcome=what, why=why) for name, (what, why) in outcomes.items()]
        for title, outcomes in found["contracts"].items()
    }
    if not found["passed"] and not found["failed"] and not contracts:
        return Tried(problem="There are no tests in it.")
    return Tried(
        contracts=contracts,
        failed=tuple(found["failed"]),
        passed=found["passed"],
        skipped=found["skipped"],
        servers=found["servers"],
    )
