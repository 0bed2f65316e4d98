"""The tools really watch: a violation planted in a copy of the house is reported.

A rule in a file that its tool does not read is never applied, and nobody notices.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.contract.sources import ROOT

BIN = Path(sys.executable).parent
TOOL_FILES = ("ruff.toml", "setup.cfg", "pyproject.toml")

RUFF_VIOLATIONS = {
    "DTZ005": "from datetime import datetime\n\nSTARTED = datetime.now()\n",
    "TID251": "import flask_sqlalchemy\n\nNAME = flask_sqlalchemy.__name__\n",
    "BLE001": "def read() -> None:\n    try:\n        print()\n    except Exception:\n        return\n",
    "ANN401": "from typing import Any\n\n\ndef take(value: Any) -> None:\n    del value\n",
    "PLC0415": "def late() -> None:\n    import json\n\n    del json\n",
}

IMPORT_VIOLATIONS = {
    "Core layers point downwards, and every module of the core has its layer": (
        "deskcore/domain/planted.py",
        "import deskcore.services.unit",
    ),
    "Core never imports a plugin": ("deskcore/services/planted.py", "import plugins.email"),
    "Plugins see the public surface only": ("plugins/email/planted.py", "import deskcore.models"),
    "Domain is pure": ("deskcore/domain/planted.py", "import flask"),
    "Services never see a request": ("deskcore/services/planted.py", "import flask_login"),
    "One module talks to htmx_flask": ("deskcore/web/planted.py", "import htmx_flask"),
}


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Copy the code and the configuration of its tools."""
    for folder in ("deskcore", "plugins"):
        shutil.copytree(
            ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("static", "__pycache__")
        )
    for name in TOOL_FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run_tool(house: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=house,
        env={"PYTHONPATH": str(house), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_ruff_reports_what_is_planted(house: Path) -> None:
    for rule, code in RUFF_VIOLATIONS.items():
        (house / "deskcore" / "services" / f"planted_{rule.lower()}.py").write_text(code)
    told = run_tool(house, "ruff", "check", "--no-cache", "--output-format=concise", "deskcore")
    for rule in RUFF_VIOLATIONS:
        assert any(f"planted_{rule.lower()}.py" in line and rule in line for line in _lines(told))


def test_the_import_contracts_are_kept_and_each_breaks_when_broken(house: Path) -> None:
    assert run_tool(house, "lint-imports", "--no-cache").returncode == 0
    by_file: dict[str, list[str]] = {}
    for place, statement in IMPORT_VIOLATIONS.values():
        by_file.setdefault(place, []).append(statement)
    for place, statements in by_file.items():
        (house / place).write_text("\n".join(statements) + "\n")
    told = _lines(run_tool(house, "lint-imports", "--no-cache"))
    broken = {line.partition(" BROKEN")[0] for line in told if " BROKEN" in line}
    assert sorted(set(IMPORT_VIOLATIONS) - broken) == []


def test_mypy_is_strict_where_the_house_says(house: Path) -> None:
    planted = house / "deskcore" / "services" / "planted.py"
    planted.write_text('"""Planted."""\n\n\ndef untyped(value):\n    return value\n')
    told = run_tool(house, "mypy", "--cache-dir=/dev/null", str(planted.relative_to(house)))
    assert "[no-untyped-def]" in told.stdout


def test_every_package_that_is_installed_has_one_version_in_the_constraints() -> None:
    pinned: dict[str, str] = {
        canonicalize_name(requirement.name): str(requirement.specifier)
        for requirement in map(Requirement, (ROOT / "constraints.txt").read_text().splitlines())
    }
    needed = _closure("deskcore", {"test", "dev", "postgres"})
    assert {name: pinned.get(name) for name in needed} == {
        name: f"=={metadata.version(name)}" for name in needed
    }


def _closure(root: str, extras: set[str]) -> set[str]:
    """Return the names of everything *root* needs here, itself left out."""
    found: set[str] = set()
    waiting = [(root, extras)]
    while waiting:
        name, wanted = waiting.pop()
        for line in metadata.requires(name) or []:
            requirement = Requirement(line)
            marker = requirement.marker
            if marker and not any(marker.evaluate({"extra": each}) for each in (*wanted, "")):
                continue
            required = canonicalize_name(requirement.name)
            if required not in found:
                found.add(required)
                waiting.append((required, requirement.extras))
    return found


def _lines(done: subprocess.CompletedProcess[str]) -> list[str]:
    return (done.stdout + done.stderr).splitlines()
