"""The kit in pytest: fixtures for plugin authors, and the line that says which level was reached."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

MANIFEST = "plugin.toml"

if TYPE_CHECKING:
    from deskcore.testing.contract import Contract
    from deskcore.testing.desk import KitDesk

PROPERTY = "channel_contract"
REAL_SERVER = "real_server"
REPORT = "--desk-report"


@pytest.fixture
def plugin_desk(tmp_path: Path) -> Iterator[Callable[[Contract], KitDesk]]:
    """Give a function that makes a desk with the channel of a contract and one account of it."""
    # The whole desk: only for tests that want one.
    from deskcore.testing.desk import a_desk  # noqa: PLC0415  said above

    with ExitStack() as stack:

        def make(contract: Contract) -> KitDesk:
            settings = contract.settings_with(None)
            return stack.enter_context(a_desk(tmp_path / contract.kind.slug, contract, settings))

        yield make


def pytest_collect_file(file_path: Path) -> None:
    """Make the plugin that a test lies in importable as the desk names it: ``plugins.<slug>``."""
    home = next((each for each in file_path.parents if (each / MANIFEST).is_file()), None)
    if file_path.suffix != ".py" or home is None or not (home / "__init__.py").is_file():
        return
    # Only runs that test a plugin need any of the desk.
    from deskcore.plugin.discovery import bundled_folder, open_namespace  # noqa: PLC0415  said above

    open_namespace(bundled_folder(), home.parent)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a program read what came of the contracts."""
    parser.addoption(REPORT, metavar="FILE", help="write what came of the checks as JSON")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the level of each channel whose whole contract was run."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    failed = []
    servers: Counter[str] = Counter()
    for report in (each for many in terminalreporter.stats.values() for each in many):
        # What a test says in its call is told again after it.
        if getattr(report, "when", "") == "call":
            servers.update(what for name, what in report.user_properties if name == REAL_SERVER)
        told = [what for name, what in getattr(report, "user_properties", ()) if name == PROPERTY]
        if getattr(report, "failed", False) and not told:
            failed.append(f"{report.nodeid}: {_last_line(report.longreprtext)}")
        for title, outcomes in told if getattr(report, "when", "call") == "call" else ():
            for check, outcome, why in outcomes:
                seen = found.setdefault(title, {})
                # One channel may be tried in several rings: it passes what it passes in all.
                if seen.get(check, ("",))[0] != "failed":
                    seen[check] = outcome, why
    if path := config.getoption(REPORT):
        passed = len(terminalreporter.stats.get("passed", ()))
        skipped = Counter(map(_reason, terminalreporter.stats.get("skipped", ())))
        content = {
            "contracts": found,
            "failed": failed,
            "passed": passed,
            "skipped": skipped,
            "servers": servers,
        }
        Path(path).write_text(json.dumps(content), encoding="utf-8")
    if not found:
        return
    # What draws the line knows every check: only for runs that had some.
    from deskcore.testing.report import Result, summary  # noqa: PLC0415  said above

    terminalreporter.section("channel contracts")
    for title, outcomes in sorted(found.items()):
        results = [Result(id=name, outcome=what) for name, (what, _) in outcomes.items()]  # type: ignore[arg-type]  # written by the tests themselves
        terminalreporter.line(summary(title, results))


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return why a test, or a file of tests, was skipped."""
    why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
    return why.removeprefix("Skipped: ").strip()


def _last_line(text: str) -> str:
    return text.strip().splitlines()[-1] if text.strip() else "it failed"
