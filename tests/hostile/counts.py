"""Says at the end of a run how much the hostile tests tried, so that a reader can see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

NAME = "hostile"


@pytest.fixture
def count(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Give a pen for one line of the summary; it stands in the report of the test, too."""

    def write(line: str) -> None:
        request.node.user_properties.append((NAME, line))

    return write


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Write the lines, of tests that failed as well."""
    lines = [
        f"{report.nodeid.rpartition('/')[2]}: {line}"
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, line in report.user_properties
        if name == NAME and report.when == "call"
    ]
    if lines:
        terminalreporter.section("what was tried")
        for line in lines:
            terminalreporter.line(line)
