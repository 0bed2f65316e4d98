"""The benchmark runs, at a size that measures nothing; figures are never judged here."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.results import Result, table
from tests.contract.sources import ROOT, functions

LONGEST_ROUTE = 40


def test_pages_are_measured_beside_their_limit(tmp_path: Path) -> None:
    report = tmp_path / "figures.json"
    environment = {name: text for name, text in os.environ.items() if "DESK" not in name}
    done = subprocess.run(
        [
            sys.executable, "-m", "benchmarks", "inbox-part", "ticket", "search", "reply", "hook", "plugins-inbox",
            "shelf-ticket", "shelf-cards",
            "--tickets", "120", "--runs", "1", "--requests", "2",
            "--data", str(tmp_path / "data"), "--json", str(report),
        ],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = {row["name"]: row for row in json.loads(report.read_text())["results"]}
    cards = {
        f"shelf-cards {slug}" for slug in ("catalogue", "cross_sell", "reviews", "stock_notes")
    }
    judged = {"inbox-part", "ticket", "search", "reply", "hook", "plugins-inbox"}
    judged |= {"shelf-ticket", "shelf-ticket-part"}
    assert set(rows) == judged | cards
    assert all(rows[name]["verdict"] in {"pass", "MISS"} for name in judged)
    assert all(rows[name]["more"]["statements"] > 0 for name in cards)
    assert rows["ticket"]["more"]["cpu_ms"] > rows["ticket"]["more"]["limit_cpu_ms"] > 0
    assert "ticket" in done.stdout
    assert not [each.name for each in (tmp_path / "data").iterdir() if each.name.count("-") > 1]


def test_a_bare_route_stays_bare() -> None:
    builders = [
        each.node
        for each in functions("benchmarks")
        if each.node.name in {"create_limit", "_add_lean"}
    ]
    routes = [
        node
        for builder in builders
        for node in ast.walk(builder)
        if isinstance(node, ast.FunctionDef) and node is not builder
    ]
    assert len(routes) == 6
    for route in routes:
        assert (route.end_lineno or 0) - route.lineno < LONGEST_ROUTE


@pytest.mark.parametrize(("figure", "verdict"), [(1.9, "pass"), (2.0, "pass"), (2.1, "MISS")])
def test_a_figure_is_judged_by_its_promise(figure: float, verdict: str) -> None:
    result = Result(name="inbox", unit="× limit", figure=figure, most=2.0)
    assert result.verdict == verdict
    assert verdict in table([result])
