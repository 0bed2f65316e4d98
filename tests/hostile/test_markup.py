"""Hostile markup acts where nothing guards, and nowhere in the desk: 0 scripts, requests, dialogs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from deskcore.domain import html, remote_images
from tests.hostile.attacked import Attacked, by_technique, only_words, take_in
from tests.hostile.payloads import every, some_of_each
from tests.hostile.range import HAND, Range, shooting_range
from tests.process.desks import Desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser-hostile"),
    pytest.mark.timeout(600),
]

A_PAGE = 45  # documents shown side by side
# All of them when told so; else some of each technique, which leaves more than 300.
PAYLOADS = list(every()) if "DESK_TEST_EVERYTHING" in os.environ else some_of_each(4)
LIVE = [payload for payload in PAYLOADS if payload.is_live]
WITH_WORDS = next(one.id for one in LIVE if one.technique == "handlers by hand")


@pytest.fixture(scope="module")
def range_() -> Iterator[Range]:
    with shooting_range() as found:
        for payload in PAYLOADS:
            found.show(payload.id, payload.encoded(found.outside), payload.charset)
        yield found


@pytest.fixture(scope="module")
def attacked(
    range_: Range, tmp_path_factory: pytest.TempPathFactory, sqlite_copy: Path
) -> Iterator[Attacked]:
    folder = tmp_path_factory.mktemp("attacked") / "instance"
    found = take_in(folder, f"sqlite:///{sqlite_copy}", PAYLOADS, range_.outside)
    environment = {"DESK_PORT": "0", "DESK_DATABASE_URL": f"sqlite:///{sqlite_copy}"}
    found.desk = Desk(instance=folder, environment=environment)
    try:
        found.desk.ready()
        yield found
    finally:
        found.desk.kill()


@pytest.fixture(autouse=True)
def forgotten(range_: Range) -> None:
    range_.hits.clear()


def shown(browser: Browser, range_: Range, names: list[str], mode: str) -> None:
    """Look at documents on the range, with a hand that presses everything."""
    with browser.new_context() as context:
        range_.listen(context)
        page = context.new_page()
        page.goto(f"{range_.address}/?mode={mode}&ids={','.join(names)}")
        page.wait_for_timeout(200)
        page.evaluate(HAND, mode == "framed")
        page.wait_for_timeout(500)


def in_pages(names: list[str], size: int = A_PAGE) -> Iterator[list[str]]:
    for at in range(0, len(names), size):
        yield names[at : at + size]


def test_every_payload_acts_where_nothing_guards(
    browser: Browser, range_: Range, count: Callable[[str], None]
) -> None:
    count(
        f"{len(LIVE)} payloads that act, of {len(by_technique(LIVE))} techniques; {len(PAYLOADS)} in all"
    )
    waiting = [payload.id for payload in LIVE]
    for size in (A_PAGE, 15, 3):
        for names in in_pages(waiting, size):
            shown(browser, range_, names, "bare")
        waiting = [name for name in waiting if name not in range_.hits]
    assert {one.id: one.pattern for one in LIVE if one.id in waiting} == {}
    assert len(LIVE) >= 300
    assert len(by_technique(LIVE)) >= 60


def touched(browser: Browser, range_: Range, names: list[str]) -> None:
    """Show bodies bare and touch all in them but the links that are meant to lead away."""
    for chosen in in_pages(names):
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(f"{range_.address}/?mode=bare&ids={','.join(chosen)}")
            page.evaluate(HAND, True)
            page.wait_for_timeout(200)


def test_the_cleaner_alone_stops_them(browser: Browser, range_: Range, attacked: Attacked) -> None:
    for name, markup in attacked.bodies.items():
        range_.show(f"c{name}", html.clean(markup, images={}).encode())
    names = [f"c{payload.id}" for payload in PAYLOADS]
    touched(browser, range_, names)
    assert range_.hits == {}


def test_pictures_that_were_loaded_open_no_door(
    browser: Browser, range_: Range, attacked: Attacked
) -> None:
    pictured = 0
    for name, body in attacked.bodies.items():
        # Every payload stands between two pictures; many are the address of one themselves.
        markup = f'<img src="https://far.test/1">{body}<img src="https://far.test/2">'
        found = {html.image_key(one): "/own/picture" for one in remote_images.addresses(markup)}
        cleaned = html.clean(markup, images=found)
        range_.show(f"l{name}", cleaned.encode())
        pictured += cleaned.count('src="/own/picture"')
    assert pictured > len(PAYLOADS)
    touched(browser, range_, [f"l{payload.id}" for payload in PAYLOADS])
    assert range_.hits == {}


def test_what_the_desk_quotes_in_its_own_mail_is_words(browser: Browser, range_: Range) -> None:
    names = []
    for number, group in enumerate(by_technique(PAYLOADS).values()):
        words = "\n\n".join(payload.aimed_at(range_.outside) for payload in group)
        range_.show(f"o{number}", html.from_text(words).encode("utf-8", "replace"))
        names.append(f"o{number}")
    touched(browser, range_, names)
    assert range_.hits == {}


def test_the_frame_alone_stops_all_but_pictures_of_the_desk(
    browser: Browser, range_: Range
) -> None:
    for names in in_pages([payload.id for payload in LIVE]):
        shown(browser, range_, names, "framed")
    assert {name: how for name, how in range_.hits.items() if how != {"asked the desk"}} == {}


def test_no_frame_of_a_mail_acts(browser: Browser, range_: Range, attacked: Attacked) -> None:
    with attacked.opened(browser, range_) as page:
        framed = [one.id for one in PAYLOADS if attacked.bodies[one.id]]
        assert len(framed) == len(PAYLOADS)
        assert attacked.loaded >= 5
        ticket = f"/t/{attacked.tickets[WITH_WORDS]}"
        page.goto(ticket)
        page.locator("iframe[data-frame]").wait_for(state="attached")
        for names in in_pages(framed):
            looked_at = page.evaluate(
                """async ids => {
                  const frame = document.querySelector('iframe[data-frame]');
                  document.querySelectorAll('iframe[data-body]').forEach(one => one.remove());
                  await Promise.all(ids.map(id => new Promise(done => {
                    const one = frame.cloneNode(); one.removeAttribute('loading'); one.removeAttribute('id');
                    one.dataset.body = ''; one.onload = done;
                    one.src = `/messages/${id}/body`; document.body.append(one) })));
                  return [...document.querySelectorAll('iframe[data-body]')]
                    .filter(one => one.contentDocument.body).length }""",
                [attacked.messages[name] for name in names],
            )
            assert looked_at == len(names)
            page.evaluate(HAND, True)
            links = page.evaluate(
                """() => [...document.querySelectorAll('iframe[data-body]')].flatMap(one =>
                  [...one.contentDocument.querySelectorAll('a[href]')].filter(link => link.target !== '_blank'
                  || !/noopener/.test(link.rel) || link.ping || !/^(https?|mailto|tel):/.test(link.href))
                  .map(link => link.outerHTML))"""
            )
            assert links == []
        assert page.url.endswith(ticket)
    assert range_.hits == {}


def test_lists_and_search_show_only_words(
    browser: Browser, range_: Range, attacked: Attacked
) -> None:
    with attacked.opened(browser, range_) as page:
        for start in ("/v/open?sort=newest", "/search?q=hit"):
            seen, path = 0, start
            for _page in range(len(attacked.tickets) // 50 + 1):
                page.goto(path)
                only_words(page)
                seen += page.locator("[data-row]").count()
                following = page.locator("a[rel=next]")
                if not following.count():
                    break
                path = following.get_attribute("href") or ""
            assert seen >= min(len(PAYLOADS), 50), start
    assert range_.hits == {}


def test_a_ticket_that_htmx_brings_shows_only_words(
    browser: Browser, range_: Range, attacked: Attacked
) -> None:
    with attacked.opened(browser, range_) as page:
        page.goto("/v/open")
        for name in [name for name in attacked.tickets if name.startswith("t")]:
            number = attacked.tickets[name]
            page.evaluate(
                "n => htmx.ajax('GET', `/t/${n}?v=open`, {target: '#main', swap: 'outerMorph'})",
                number,
            )
            page.wait_for_selector(f"#ticket form[action^='/t/{number}/']", state="attached")
            only_words(page)
    assert range_.hits == {}


def test_customers_print_source_and_toasts_show_only_words(
    browser: Browser, range_: Range, attacked: Attacked
) -> None:
    with attacked.opened(browser, range_) as page:
        for name in [name for name in attacked.tickets if name.startswith("t")][::12]:
            page.goto(f"/t/{attacked.tickets[name]}")
            page.emulate_media(media="print")
            only_words(page)
            page.emulate_media(media="screen")
            composer = page.get_by_role("form", name="Answer")
            composer.get_by_label("Text").fill("Thank you.")
            composer.get_by_role("button", name="Send", exact=True).click()
            page.locator("[data-toast]").filter(has_text="goes out in").wait_for()
            only_words(page)
            person = page.locator("#side a[href^='/customers/']").first.get_attribute("href") or ""
            for path in (person, f"{person}/edit", "/outbox"):
                page.goto(path)
                only_words(page)
    assert range_.hits == {}
