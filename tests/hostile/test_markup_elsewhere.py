"""Hostile markup in the places no customer's mail was meant for is words there, too."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.hostile.attacked import only_words, opened
from tests.hostile.elsewhere import Elsewhere, strew
from tests.hostile.payloads import every, some_of_each
from tests.hostile.range import HAND, Range, shooting_range
from tests.process.desks import Desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser-hostile"),
    pytest.mark.timeout(600),
]

IS_WHOLE = "DESK_TEST_EVERYTHING" in os.environ
PAYLOADS = list(every()) if IS_WHOLE else some_of_each(1)
# Pages that show one of them: a few here, all when everything is wanted.
STEP = 1 if IS_WHOLE else 11
SEEN = """() => (document.querySelector('main').textContent
  + [...document.querySelectorAll('input, textarea')].map(one => ' ' + one.value).join(''))
  .replace(/\\s+/g, ' ')"""
"""What a page says to a reader, with what stands in its fields."""


@pytest.fixture(scope="module")
def range_() -> Iterator[Range]:
    with shooting_range() as found:
        yield found


@pytest.fixture(scope="module")
def places(
    range_: Range, tmp_path_factory: pytest.TempPathFactory, sqlite_copy: Path
) -> Iterator[tuple[Elsewhere, Desk]]:
    folder = tmp_path_factory.mktemp("strewn") / "instance"
    found = strew(folder, f"sqlite:///{sqlite_copy}", PAYLOADS, range_.outside)
    environment = {"DESK_PORT": "0", "DESK_DATABASE_URL": f"sqlite:///{sqlite_copy}"}
    desk = Desk(instance=folder, environment=environment)
    try:
        yield found, desk.ready()
    finally:
        desk.kill()


def begins(text: str) -> str:
    """Return what every place keeps of a payload: its name and the first plain signs of markup."""
    return re.split(r"[^ -~]", " ".join(text.split()))[0][:24].strip()


def says(page: Page, path: str, words: dict[str, str], names: list[str]) -> list[str]:
    """Look at a page as a reader would and press what can be pressed; return whose words it shows."""
    page.goto(path)
    only_words(page)
    page.emulate_media(media="print")
    only_words(page)
    page.emulate_media(media="screen")
    seen = page.evaluate(SEEN)
    return [name for name in names if begins(words[name]) in seen]


def test_pages_that_show_one_show_its_words(
    browser: Browser, range_: Range, places: tuple[Elsewhere, Desk], count: Callable[[str], None]
) -> None:
    found, desk = places
    chosen = dict(list(found.one_each.items())[::STEP])
    silent = []
    with opened(desk, browser, range_) as page:
        for path, name in chosen.items():
            if not says(page, path, found.words, [name]):
                silent.append(path)
    count(f"{len(chosen)} pages with one payload each")
    assert silent == []
    assert range_.hits == {}


def test_lists_logs_and_complaints_show_all_their_words(
    browser: Browser, range_: Range, places: tuple[Elsewhere, Desk], count: Callable[[str], None]
) -> None:
    found, desk = places
    names, shown = list(found.words), {}
    with opened(desk, browser, range_) as page:
        for path in found.together:
            shown[path] = len(says(page, path, found.words, names))
    count(f"{len(names)} payloads, shown by place: {shown}")
    assert {path: number for path, number in shown.items() if number < 20} == {}
    assert range_.hits == {}


def test_the_source_of_a_mail_is_a_download(
    browser: Browser, range_: Range, places: tuple[Elsewhere, Desk]
) -> None:
    found, desk = places
    with opened(desk, browser, range_) as page:
        for path in found.files[:: STEP * 2]:
            page.goto("/attention")
            with page.expect_download() as started:
                page.evaluate("path => { setTimeout(() => { location.href = path }) }", path)
            assert started.value.suggested_filename.endswith(".eml")
            assert page.url.endswith("/attention")
    assert range_.hits == {}


def test_news_that_htmx_brings_are_words(
    browser: Browser, range_: Range, places: tuple[Elsewhere, Desk]
) -> None:
    found, desk = places
    with opened(desk, browser, range_) as page:
        page.goto("/v/open")
        with page.expect_response("**/live?**") as answered:
            page.evaluate(
                "htmx.ajax('GET', '/live?since=0&v=open', {target: '#main', swap: 'none'})"
            )
        assert answered.value.status == 200
        assert any(name in answered.value.text() for name in found.words)
        page.wait_for_timeout(300)
        only_words(page)
        page.evaluate(HAND, True)
    assert range_.hits == {}
