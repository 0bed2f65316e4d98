"""``desk new``: a folder that is small, complete and green, and never a folder that was there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.authors.outside import ROOT, Author

LONGEST_FILE = 90
RULES = "F,E,W,B,UP,SIM,RET,ANN,RUF,C90"


def python_in(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


@pytest.mark.parametrize("mode", ["push", "poll", "listen"])
def test_a_new_channel_passes_its_contract_at_gold(author: Author, mode: str) -> None:
    said = author.desk("new", "channel", "shop_talk", "--mode", mode)
    assert "  desk plugins check shop_talk\n" in said
    tested = author.pytest("shop_talk")
    assert re.search(r"^shop_talk 0\.1\.0: gold - \d+ passed, \d skipped", tested, re.MULTILINE)


def test_a_new_plugin_is_green(author: Author) -> None:
    author.desk("new", "plugin", "tea_time")
    assert "2 passed" in author.pytest("tea_time")


@pytest.mark.parametrize("kind", ["channel", "plugin"])
def test_the_next_three_commands_are_said(author: Author, kind: str) -> None:
    said = author.desk("new", kind, "acme_two").splitlines()
    assert [line.partition(" acme_two")[0] for line in said[-3:]] == {
        "channel": ["  pytest", "  desk channel feed", "  desk plugins check"],
        "plugin": ["  pytest", "  desk plugins check", "  desk plugins pack"],
    }[kind]


@pytest.mark.parametrize("mode", ["push", "poll", "listen", "plugin"])
def test_every_file_is_short_and_well_kept(author: Author, mode: str) -> None:
    kind = ["plugin", "acme"] if mode == "plugin" else ["channel", "acme", "--mode", mode]
    author.desk("new", *kind)
    sizes = {path: len(path.read_text().splitlines()) for path in python_in(author.folder)}
    assert max(sizes.values()) <= LONGEST_FILE
    assert sizes[author.folder / "acme" / "__init__.py"] < 30
    ruff = [sys.executable, "-m", "ruff"]
    style = ["--isolated", "--line-length", "100", "--no-cache", "acme"]
    for command in (["check", "--select", RULES], ["format", "--check"]):
        done = subprocess.run(
            [*ruff, *command, *style],
            cwd=author.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_public_names_tell_their_types_to_the_author(author: Author) -> None:
    author.desk("new", "channel", "acme")
    mypy = [sys.executable, "-m", "mypy", "--strict", "--explicit-package-bases"]
    code = [str(path) for path in (author.folder / "acme").glob("*.py")]
    done = subprocess.run(
        [*mypy, "--follow-imports=silent", "--cache-dir", os.devnull, *code],
        cwd=author.folder,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Shop", "Take 2 to 40 lower-case letters"),
        ("../shop", "Take 2 to 40 lower-case letters"),
        ("x", "Take 2 to 40 lower-case letters"),
        ("import", "is a word of Python itself"),
        ("email", "The desk has a plugin 'email' already"),
    ],
)
def test_a_name_that_will_not_do_is_refused_in_a_sentence(
    author: Author, name: str, words: str
) -> None:
    said = author.desk("new", "channel", name, code=1)
    assert words in said
    assert said.count("\n") == 1
    assert list(author.folder.iterdir()) == []


def test_what_is_there_is_never_written_over(author: Author) -> None:
    (author.folder / "shop").mkdir()
    mine = author.folder / "shop" / "notes.txt"
    mine.write_text("mine")
    assert "is there already" in author.desk("new", "plugin", "shop", code=1)
    assert [path for path in author.folder.rglob("*") if path.is_file()] == [mine]


def test_only_what_is_pushed_is_signed(author: Author) -> None:
    said = author.desk("new", "channel", "shop", "--mode", "poll", "--sign", "hmac-sha256", code=2)
    assert "needs no --sign" in said
    author.desk("new", "channel", "shop", "--mode", "push", "--sign", "hmac-sha256")
