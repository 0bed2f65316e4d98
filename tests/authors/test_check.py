"""``desk plugins check``: each sin fails the standard it breaks and no other; the level follows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from deskcore.authoring.folder import plugin_folder
from deskcore.authoring.judging import Finding, Judgement
from deskcore.authoring.kit_run import Tried, desk_tests, run_tests
from deskcore.authoring.round_trip import round_trip
from deskcore.authoring.scaffold import new_channel, new_plugin
from deskcore.authoring.standards import STANDARDS, Look
from deskcore.authoring.telling import as_json, as_junit, as_text
from deskcore.config import CHECKOUT
from deskcore.testing.report import Result
from tests.authors.outside import Author

Sin = Callable[[Path], object]
WELL = Tried(contracts={"acme 0.1.0": [Result(id="K01", outcome="passed")]}, passed=1)


def write(name: str, text: str) -> Sin:
    return lambda folder: (folder / name).write_text(text)


def append(name: str, text: str) -> Sin:
    def sin(folder: Path) -> None:
        with (folder / name).open("a") as file:
            file.write(text)

    return sin


def replace(name: str, old: str, new: str) -> Sin:
    def sin(folder: Path) -> None:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new))

    return sin


WORK = "    print()\n" * 20
SINS: list[tuple[str, Sin, str]] = [
    ("P01", replace("plugin.toml", "network", "netwrok"), "did you mean 'network'? plugin.toml:9"),
    ("P01", replace("plugin.toml", '"gold"', '"best"'), "or 'platinum'. plugin.toml:10"),
    ("P01", replace("plugin.toml", "[plugin]", "[plugin"), "is not valid TOML"),
    ("P01", replace("plugin.toml", ">=0.1,<1", ">=7"), "It is made for desk >=7"),
    ("P01", write("broken.py", "def"), "This is not Python."),
    ("P02", append("wire.py", "from deskcore.services import tickets\n"), "deskcore.services.tick"),
    ("P02", append("wire.py", "from deskcore.plugin import manager\n"), "deskcore.plugin.manager"),
    ("P02", append("wire.py", "import plugins.email\n"), "plugins.email is another plugin"),
    ("P03", append("__init__.py", f"\n@hookimpl\ndef desk_jobs():\n{WORK}"), "desk_jobs has 21"),
    ("P03", append("__init__.py", f"\ndef work():\n{WORK}"), "work is no hook"),
    ("P04", append("wire.py", "import urllib.request\n"), "opens connections of its own"),
    ("P04", append("wire.py", 'API = "https://api.telegram.org/bot"\n'), "api.telegram.org is not"),
    ("P04", replace("plugin.toml", 'network = ["setting:host"]\n', ""), "names no host"),
    ("P05", append("wire.py", "from deskcore.api.data import read_ticket\n"), "read_ticket is"),
    (
        "P05",
        append("__init__.py", "\n@hookimpl\ndef desk_ticket_panels(ticket):\n    return []\n"),
        "desk_ticket_panels is used",
    ),
    ("P06", replace("README.md", "## Removal", "## Farewell"), "no heading about removal"),
    ("P08", replace("pyproject.toml", 'version = "0.1.0"', 'version = "9"'), "'9' is not '0.1.0'"),
    ("P08", replace("pyproject.toml", 'acme = "desk', 'b = "desk'), "No entry point 'acme'"),
    ("P09", replace("CHANGELOG.md", "0.1.0", "0.0.9"), "has no heading 0.1.0"),
    ("P13", lambda folder: (folder / "migrations").mkdir(), "no desk_privacy_handlers"),
    ("P10", append("quality.toml", 'K99 = "no"\n'), "There is no check 'K99'"),
    ("P10", append("quality.toml", 'K20 = " "\n'), "K20 has no reason"),
]


def failing(folder: Path, *, tested: Tried = WELL) -> dict[str, str]:
    """Hold a folder to every standard but its life, which takes long."""
    look = Look(folder=plugin_folder(folder), tested=tested)
    return {
        one.id: " ".join(f"{flaw.why} {flaw.where}" for flaw in flaws)
        for one in STANDARDS.values()
        if one.id != "P12" and not one.need(look.folder) and (flaws := list(one.body(look)))
    }


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    return new_channel(tmp_path, "acme", "push").folder


def test_a_new_channel_breaks_no_standard(acme: Path) -> None:
    assert failing(acme) == {}


@pytest.mark.parametrize(("broken", "sin", "words"), SINS)
def test_a_sin_breaks_its_standard_and_no_other(
    acme: Path, broken: str, sin: Sin, words: str
) -> None:
    sin(acme)
    found = failing(acme)
    assert list(found) == [broken], found
    assert words in found[broken]


def test_every_standard_is_broken_by_some_sin() -> None:
    by_running = {"P07", "P11", "P12"}
    assert {broken for broken, _sin, _words in SINS} | by_running == set(STANDARDS)


def test_tests_that_fail_and_contracts_that_were_not_run_are_missing(acme: Path) -> None:
    found = failing(acme, tested=Tried(failed=("test_acme.py::test_it: no",)))
    assert found == {
        "P07": "test_acme.py::test_it: no ",
        "P11": "No channel_contract was run: write tests/test_contract.py. ",
    }


def test_a_plugin_is_tested_where_it_lies_and_nothing_is_left_there(tmp_path: Path) -> None:
    folder = new_plugin(tmp_path, "tea").folder
    before = sorted(folder.rglob("*"))
    append("tests/test_panel.py", "\n\ndef test_no() -> None:\n    assert 1 == 2\n")(folder)
    tested = run_tests(plugin_folder(folder))
    assert (tested.passed, tested.problem) == (2, "")
    [failure] = tested.failed
    assert "test_no" in failure
    assert sorted(folder.rglob("*")) == before
    (folder / "tests" / "test_panel.py").write_text("import nothing_of_this_name\n")
    [failure] = run_tests(plugin_folder(folder)).failed
    assert "nothing_of_this_name" in failure
    (folder / "tests" / "test_panel.py").write_text("import os\n\nos._exit(0)\n")
    assert run_tests(plugin_folder(folder)).problem.startswith("pytest ended with 0")


REVISION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "tea_0001", None


def upgrade():
    for name in ("plg_tea_cup", "cups"):
        op.create_table(name, sa.Column("id", sa.Integer(), primary_key=True))


def downgrade():
    pass
"""


SPEAKS = """
import pytest

@pytest.mark.parametrize("number", [1, 2])
def test_it_answers(number, record_property):
    record_property("real_server", "Kettle 2.1")

def test_another_one():
    pytest.skip("Samovar is not installed here")
"""


def test_the_report_names_real_servers_and_tests_that_were_not_run(tmp_path: Path) -> None:
    folder = new_plugin(tmp_path, "tea").folder
    (folder / "tests" / "test_servers.py").write_text(SPEAKS)
    tested = run_tests(plugin_folder(folder))
    assert (tested.failed, tested.problem) == ((), "")
    assert tested.servers == {"Kettle 2.1": 2}
    assert tested.skipped == {"Samovar is not installed here": 1}


def test_what_was_left_out_is_told_once_with_its_reason_and_so_is_who_answered() -> None:
    outcomes = ("passed", "excused", "no concern", "no concern")
    found = tuple(finding(f"P{i}", "gold", each) for i, each in enumerate(outcomes))
    judgement = Judgement(slug="acme", version="1", findings=found)
    assert as_text(judgement).endswith(
        "Left out by quality.toml:\n  P1: No\n\nOf no concern to it:\n  P2, P3: No\n\n"
        "Real servers: none; its tests speak to servers of their own making, or to nobody\n"
    )
    asked = Judgement(
        slug="acme", version="1", findings=found, servers={"Kettle 2.1": 2}, unrun={"No tea": 1}
    )
    assert as_text(asked).endswith(
        "Tests that were not run:\n  1 test: No tea\n\nReal servers: Kettle 2.1 (2 tests)\n"
    )
    assert json.loads(as_json(asked))["real_servers"] == {"Kettle 2.1": 2}


def test_a_table_that_stays_is_named(tmp_path: Path) -> None:
    folder = new_plugin(tmp_path, "tea").folder
    (folder / "migrations").mkdir()
    (folder / "migrations" / "0001_cup.py").write_text(REVISION)
    flaws = [flaw.why for flaw in round_trip(plugin_folder(folder))]
    assert flaws == ["Uninstalling it left the table cups behind."]


def test_a_plugin_that_cannot_be_switched_on_says_why(tmp_path: Path) -> None:
    folder = new_plugin(tmp_path, "tea").folder
    append("__init__.py", "raise RuntimeError('no tea')\n")(folder)
    [flaw] = round_trip(plugin_folder(folder))
    assert "To activate it" in flaw.why
    assert "no tea" in flaw.why


def finding(name: str, level: str, outcome: str) -> Finding:
    return Finding(id=name, level=level, title="It is", outcome=outcome, danger="Rain", why="No")  # type: ignore[arg-type]  # words from the table below


@pytest.mark.parametrize(
    ("outcomes", "level"),
    [
        (("passed", "passed", "passed"), "gold"),
        (("passed", "passed", "failed"), "silver"),
        (("passed", "failed", "passed"), "bronze"),
        (("failed", "passed", "passed"), None),
        (("excused", "no concern", "passed"), "gold"),
    ],
)
def test_the_level_is_the_highest_without_a_gap(
    outcomes: tuple[str, str, str], level: str | None
) -> None:
    levels = ("bronze", "silver", "gold")
    found = [finding(f"P{i}", levels[i], outcome) for i, outcome in enumerate(outcomes)]
    judgement = Judgement(slug="acme", version="1", findings=tuple(found))
    assert judgement.level == level
    assert judgement.reaches("silver") == (level in {"silver", "gold"})
    assert ("What is wrong: No\n  In production: Rain" in as_text(judgement)) == (level != "gold")


@pytest.mark.timeout(600)  # a desk's whole life, beside all other tests
def test_the_command_computes_the_level_and_fails_below_the_one_that_is_asked_for(
    author: Author,
) -> None:
    author.desk("new", "channel", "acme", "--mode", "poll")
    acme = author.folder / "acme"
    replace("README.md", "## Costs", "## Money")(acme)
    replace("events.py", "kind in CHANGES and of", 'kind in CHANGES and kind != "edit"')(acme)
    append("quality.toml", 'K20 = "it has no edits"\n')(acme)
    said = author.desk("plugins", "check", "acme", "--level", "gold", code=1)
    assert said.startswith("acme 0.1.0: silver - ")
    assert "K55 (gold, acme 0.1.0): The README tells of set-up" in said
    assert "Left out by quality.toml:\n  K20: it has no edits" in said


def test_programs_and_ci_read_the_same() -> None:
    outcomes = ("passed", "failed", "excused", "no concern")
    found = tuple(finding(f"P{i}", "gold", each) for i, each in enumerate(outcomes))
    judgement = Judgement(slug="acme", version="1", findings=found)
    told = json.loads(as_json(judgement))
    assert (told["plugin"], told["level"]) == ("acme", "silver")
    assert [check["outcome"] for check in told["checks"]] == list(outcomes)
    suite = ET.fromstring(as_junit(judgement))  # noqa: S314  our own words
    assert (suite.get("tests"), suite.get("failures")) == ("4", "1")
    assert [failure.get("message") for failure in suite.iter("failure")] == ["No"]
    assert len(list(suite.iter("skipped"))) == 2


def test_what_is_no_plugin_is_said_in_a_sentence(author: Author) -> None:
    (author.folder / "empty").mkdir()
    said = author.desk("plugins", "check", "empty", code=1)
    assert said == "empty is no plugin: there is no plugin.toml in it.\n"


@pytest.mark.parametrize("slug", ["email", "spam"])
def test_the_desks_own_plugins_keep_every_standard_that_is_read(slug: str) -> None:
    folder = plugin_folder(CHECKOUT / "plugins" / slug)
    assert desk_tests(folder) == CHECKOUT / "tests" / slug
    run = {"P07", "P11", "P12"}  # by the tests themselves, of the plugins and of their life
    for name in STANDARDS.keys() - run:
        one = STANDARDS[name]
        flaws = [] if one.need(folder) else one.body(Look(folder=folder, tested=WELL))
        assert [flaw.why for flaw in flaws] == [], name


def test_tests_of_everybody_else_are_sought_in_their_folder_only(tmp_path: Path) -> None:
    assert desk_tests(plugin_folder(new_plugin(tmp_path, "tea").folder)) is None
