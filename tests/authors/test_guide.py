"""What the guide shows is what the tests run: its code, its commands, the standards it lists."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

import deskcore.authoring.judging  # noqa: F401  reading it registers every standard
from deskcore.authoring.standards import STANDARDS
from deskcore.cli import desk

PAGES = Path(__file__).resolve().parents[2] / "docs" / "plugin-authors"
GUIDE = (PAGES / "guide.md").read_text()
ACME = Path(__file__).parent / "acme"
WALK = (Path(__file__).parent / "test_fifteen_minutes.py").read_text()

CODE = re.findall(r"^`([\w./]+)`\n\n```python\n(.*?)^```$", GUIDE, flags=re.DOTALL | re.MULTILINE)
COMMANDS = [
    line
    for block in re.findall(r"^```sh\n(.*?)^```$", GUIDE, flags=re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]


@pytest.mark.parametrize(("name", "code"), CODE, ids=[name for name, _code in CODE])
def test_code_in_the_guide_stands_so_in_the_plugin_that_is_tested(name: str, code: str) -> None:
    assert code in (ACME / name).read_text()


def test_all_code_in_the_guide_says_where_it_stands() -> None:
    assert len(CODE) == GUIDE.count("```python") > 3


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_in_the_guide_are_those_of_the_test(line: str) -> None:
    program, *words = shlex.split(line)
    if program == "desk":
        assert ", ".join(f'"{word}"' for word in words) in WALK
        command: click.Command | None = desk
        for word in words[:2]:
            assert isinstance(command, click.Group)
            command = command.get_command(click.Context(command), word)
        assert command is not None
    else:
        assert {"pip": "pip_install(folder)", "pytest": 'pytest("acme")'}[program] in WALK


def test_files_that_the_guide_names_are_there() -> None:
    named = re.findall(r"^\| (`[\w./`, ]+) \|", GUIDE, flags=re.MULTILINE)
    assert len(named) > 8
    for name in re.findall(r"`([\w./]+)`", " ".join(named)):
        assert (ACME / name).exists()


def test_the_page_on_testing_lists_every_standard_with_its_level() -> None:
    page = (PAGES / "testing.md").read_text()
    listed = re.findall(r"^\| (P\d\d) \| (\w+) \|", page, flags=re.MULTILINE)
    assert dict(listed) == {each.id: each.level for each in STANDARDS.values()}
