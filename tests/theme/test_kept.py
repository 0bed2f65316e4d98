"""Kept pieces: the same for all who see them alike, another for everybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import meta

from deskcore.config import Config
from deskcore.theme import kept as module
from deskcore.theme.kept import Kept
from deskcore.theme.shell import NavItem, NavSection, Shell
from tests.contract.sources import files
from tests.databases import opened

INCLUDED = re.compile(r'{% include "([^"]+)" %}')
NAME = re.compile(r"[(,]\s*(\w+)=")
# What a template can reach of the request, whoever draws it.
OF_A_REQUEST = {"request", "session", "g", "look", "shell", "site_name", "notice", "toasts"}
# Filters that write for the reader's zone or by the clock, which are in no piece's key.
OF_A_READER = re.compile(r"\|\s*(short_time|long_time|short_date|ago|since)\b")


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    with opened(config, has_pages=True) as desk:
        yield desk


@pytest.fixture
def pieces(app: Flask) -> Iterator[Kept]:
    with app.test_request_context():
        yield app.extensions["desk_kept"]


def _spoken(app: Flask, language: str, template: str) -> str:
    with app.app_context(), app.test_request_context(headers={"Accept-Language": language}):
        return str(app.extensions["desk_kept"](template))


def test_a_piece_is_drawn_in_the_language_of_whoever_reads(app: Flask) -> None:
    assert "Next and previous ticket" in _spoken(app, "en", "_keys.html")
    assert "Next and previous ticket" not in _spoken(app, "cs", "_keys.html")
    assert "Next and previous ticket" in _spoken(app, "en", "_keys.html")


def test_a_piece_follows_what_it_is_given(pieces: Kept) -> None:
    def nav(count: int) -> str:
        item = NavItem(key="open", label="All open", url="/v/open", icon="inbox", count=count)
        shell = Shell(sections=(NavSection(title="Inbox", entries=(item,)),))
        return str(pieces("_nav.html", shell=shell, site_name="Tea"))

    assert [">41<" in nav(41), ">42<" in nav(42), ">42<" in nav(41)] == [True, True, False]


def test_what_is_kept_has_an_end(pieces: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    def nav(name: str) -> int:
        return len(pieces("_nav.html", shell=Shell(user_name=name), site_name="Tea"))

    monkeypatch.setattr(module, "ROOM", 3 * nav("0") + 100)
    for count in range(10):
        nav(str(count))
    assert len(pieces._pieces) == 3
    monkeypatch.setattr(module, "LARGEST", 10)
    nav("too large")
    assert len(pieces._pieces) == 3


def test_a_piece_knows_only_what_it_is_given(app: Flask) -> None:
    found = dict(_calls())
    assert {"_nav.html", "_bar.html", "inbox/_row.html", "tickets/_message.html"} <= found.keys()
    env = app.jinja_env
    for template, given in found.items():
        source = _source(app, template)
        asked = meta.find_undeclared_variables(env.parse(source))
        assert asked - given - (env.globals.keys() - OF_A_REQUEST) == set(), template
        assert not OF_A_READER.search(source), template


def _source(app: Flask, template: str) -> str:
    """Return a template with those it includes, which know what it knows."""
    env = app.jinja_env
    assert env.loader
    source = env.loader.get_source(env, template)[0]
    return INCLUDED.sub(lambda found: _source(app, found[1]), source)


def _calls() -> Iterator[tuple[str, set[str]]]:
    sources: list[Path] = [*files("deskcore", ending=".html"), *files("deskcore/web")]
    for path in sources:
        text = path.read_text(encoding="utf-8")
        for start in (match.start() for match in re.finditer(r"\b(?:kept|piece)\(\s*\"", text)):
            call = _whole(text[start:])
            yield call.split('"')[1], set(NAME.findall(call))


def _whole(text: str) -> str:
    """Cut a call off where its parenthesis closes."""
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == ")" and not depth:
            return text[: at + 1]
    raise AssertionError(text[:80])
