"""A plugin may write its share into the log; the desk and other plugins write on."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from deskcore.plugin import log_budget
from deskcore.plugin.choice import of_configuration
from deskcore.plugin.culprits import Culprits
from deskcore.plugin.guard import Guard
from deskcore.plugin.loader import load_plugins
from deskcore.plugin.log_budget import LogBudget
from tests.plugin.authoring import write_plugin

CODE = """
import logging

def write(lines):
    for number in range(lines):
        logging.getLogger("any").warning("%s: %s", number, "x" * 10_000)
"""


@pytest.fixture
def culprits(tmp_path: Path) -> Culprits:
    for slug in ("tea", "coffee"):
        write_plugin(tmp_path / "plugins", slug, CODE)
    choice = of_configuration(("tea", "coffee"))
    return load_plugins(instance=tmp_path, choice=choice, guard=Guard()).culprits


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.name = "told"
    logging.getLogger().addHandler(handler)
    yield stream
    logging.getLogger().removeHandler(handler)


def with_budget(culprits: Culprits) -> LogBudget:
    budget = LogBudget(culprits)
    (handler,) = [each for each in logging.getLogger().handlers if each.name == "told"]
    handler.addFilter(budget)
    return budget


def write(slug: str, lines: int) -> None:
    import_module(f"plugins.{slug}").write(lines)


def test_what_is_over_is_left_out_and_its_plugin_named_once(
    culprits: Culprits, written: io.StringIO
) -> None:
    budget = with_budget(culprits)
    write("tea", 50)
    assert budget.overdrawn() == set()
    write("tea", 2000)
    assert len(written.getvalue()) < 1_200_000
    assert budget.overdrawn() == {"tea"}
    assert budget.overdrawn() == set()

    write("coffee", 1)
    logging.getLogger("desk").warning("the desk writes on")
    assert written.getvalue().endswith("the desk writes on\n")
    assert len(written.getvalue().splitlines()[-2]) > 10_000


def test_every_minute_begins_anew_and_tells_how_much_was_left_out(
    culprits: Culprits, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    budget = with_budget(culprits)
    write("tea", 200)
    kept = len(written.getvalue().splitlines())
    assert budget.end_minute() == {}
    monkeypatch.setattr(log_budget, "A_MINUTE_S", 0.0)
    assert budget.end_minute() == {"tea": 200 - kept}
    write("tea", 1)
    assert len(written.getvalue().splitlines()) == kept + 1
