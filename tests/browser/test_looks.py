"""An owner makes the desk their own beside the real pages; customers see it from the next page on."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from deskcore.domain.appearance import Appearance
from deskcore.theme.looks import tokens_of
from tests.browser.readable import problems
from tests.browser.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-shop")]

PAGE = "/admin/customize"
WITHIN_S = 1.0
# Colours as the page really has them, whatever rule gave them.
USED = """names => Object.fromEntries(names.map(name => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.color = `var(--${name})`;
  const [r, g, b] = getComputedStyle(probe).color.match(/[0-9]+/g).map(Number);
  probe.remove();
  return [name, '#' + [r, g, b].map(part => part.toString(16).padStart(2, '0')).join('')];
}))"""
NAMES = ["accent", "accent-hover", "accent-text", "accent-tint", "selected", "on-accent"]


@pytest.fixture
def page(shop: Shop) -> Iterator[Page]:
    """Open the page of the looks; afterwards the desk looks as it came."""
    wide = {"width": 1440, "height": 900}
    with shop.opened_closely(viewport=wide) as (context, watch):
        watch.expected.append("422 (UNPROCESSABLE")  # what a test fills in wrong
        page = context.new_page()
        page.goto(PAGE)
        expect(preview(page).locator("h1")).to_be_visible()
        yield page
        page.goto(PAGE)
        if page.locator("#discard").is_visible():
            page.locator("#discard").click()
        if page.locator("#back-0").is_visible():
            page.locator("#back-0").click()


def preview(page: Page) -> FrameLocator:
    return page.frame_locator("#look-frame")


def state(page: Page) -> Locator:
    return page.locator("#look-state").get_by_role("status")


def used(page: Page) -> dict[str, str]:
    """Return the accent's colours as the page in the frame has them."""
    frame = page.frame(url=re.compile("look=draft"))
    assert frame is not None
    found: dict[str, str] = frame.evaluate(USED, NAMES)
    return found


def solved(hue: int, strength: int, scheme: str = "light") -> dict[str, str]:
    tokens = tokens_of((), Appearance(has_accent=True, hue=hue, strength=strength), "normal")
    return {name: getattr(tokens, scheme)[name] for name in NAMES}


def wears(page: Page, wanted: dict[str, str]) -> None:
    deadline = time.monotonic() + 15
    while used(page) != wanted:
        assert time.monotonic() < deadline, (used(page), wanted)
        page.wait_for_timeout(50)


def test_the_page_beside_wears_a_hue_while_it_is_chosen(page: Page) -> None:
    page.evaluate("document.getElementById('look-frame').contentWindow.untouched = true")
    for hue in (30, 31, 200):
        page.locator("#hue").fill(str(hue))
    wears(page, solved(200, 43))
    expect(page.get_by_role("radio", name="Our own")).to_be_checked()
    page.locator("#strength").focus()
    page.keyboard.press("End")
    wears(page, solved(200, 100))
    expect(state(page)).to_contain_text("Not published yet")
    # Colours are dressed anew; the page itself was not loaded again.
    assert page.evaluate("document.getElementById('look-frame').contentWindow.untouched") is True
    page.get_by_role("radio", name="Dark", exact=True).check()
    wears(page, solved(200, 100, "dark"))
    page.get_by_role("radio", name="Inbox", exact=True).check()
    expect(preview(page).get_by_role("heading", name="All open")).to_be_visible()
    wears(page, solved(200, 100, "dark"))


def test_texts_and_logo_are_beside_before_they_are_published(page: Page) -> None:
    page.get_by_text("Texts on public pages").click()
    page.get_by_label("Line at the top, in English").fill("We ship on Fridays")
    expect(preview(page).get_by_text("We ship on Fridays")).to_be_visible()
    picture = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10" fill="#a33"/></svg>'
    page.get_by_label("Logo", exact=True).set_input_files(
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": picture}
    )
    expect(preview(page).get_by_role("img", name="Tea & Teapots")).to_be_visible()
    expect(page.get_by_role("img", name="The logo of the draft")).to_be_visible()
    page.get_by_text("Own CSS", exact=True).first.click()
    page.get_by_label("Own CSS").fill("@import 'x';")
    expect(page.get_by_role("alert").filter(has_text="@import cannot be used here")).to_be_visible()


def test_the_page_beside_only_shows(page: Page) -> None:
    page.get_by_role("radio", name="Inbox", exact=True).check()
    row = preview(page).get_by_role("heading", name="All open")
    expect(row).to_be_visible()
    box = page.locator("#look-frame").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 40, box["y"] + 40)
    page.wait_for_timeout(300)
    frame = page.frame(url=re.compile("look=draft"))
    assert frame is not None
    assert "/v/open?look=draft" in frame.url


def test_two_owners_at_once_are_both_heard(shop: Shop, page: Page) -> None:
    wide = {"width": 1440, "height": 900}
    with shop.opened_closely(viewport=wide) as (context, watch):
        watch.expected.append("409 (CONFLICT)")
        other = context.new_page()
        other.goto(PAGE)
        page.locator("#preset-cobalt").click()
        expect(state(page)).to_contain_text("Not published yet")
        other.locator("#preset-brick").click()
        conflict = other.get_by_role("alert").filter(has_text="has changed the draft meanwhile")
        expect(conflict).to_be_visible()
        other.get_by_role("button", name="Keep mine instead").click()
        expect(other.get_by_text("Kept as a draft.")).to_be_visible()
    page.reload()
    expect(page.locator("#hue")).to_have_value("32")


def test_it_works_without_scripts(shop: Shop, page: Page) -> None:
    with shop.opened(java_script_enabled=False, viewport={"width": 360, "height": 740}) as context:
        plain = context.new_page()
        plain.goto(PAGE)
        plain.get_by_role("button", name="Aubergine").click()
        expect(plain.get_by_text("Kept as a draft. Nobody is shown it")).to_be_visible()
        plain.get_by_role("button", name="Keep it, and look at public pages").click()
        expect(plain).to_have_url(re.compile(r"/help\?look=draft$"))
        assert plain.locator("#look-sheet").count() == 1
        plain.goto(PAGE)
        plain.get_by_role("button", name="Publish", exact=True).click()
        expect(plain.get_by_text("Published. Everybody sees it")).to_be_visible()


@contextmanager
def visited(address: str) -> Iterator[list[tuple[float, int, str]]]:
    """Ask for the help page all the time; collects when, the status, and the sheet it names."""
    seen: list[tuple[float, int, str]] = []
    ends = threading.Event()

    def ask() -> None:
        while not ends.is_set():
            with urlopen(f"{address}/help", timeout=30) as answer:  # noqa: S310  a desk of the test
                found = re.search(rb"/look/(\w+)/public", answer.read())
            seen.append((time.monotonic(), answer.status, found[1].decode() if found else ""))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        ends.set()
        for thread in threads:
            thread.join()


def test_publishing_refuses_nobody_and_is_seen_within_a_second(shop: Shop, page: Page) -> None:
    looks = []
    with visited(shop.desk.address) as seen:
        for preset in ("cobalt", "brick", "petrol", "aubergine"):
            page.locator(f"#preset-{preset}").click()
            expect(state(page)).to_contain_text("Not published yet")
            page.get_by_role("button", name="Publish", exact=True).click()
            expect(state(page)).to_contain_text("Everybody sees this.")
            published = time.monotonic()
            page.wait_for_timeout(WITHIN_S * 1000)
            looks.append({sheet for at, _status, sheet in seen if at > published + WITHIN_S / 2})
        page.get_by_role("button", name=re.compile("^Show this again")).nth(2).click()
        expect(page.get_by_text("That look is shown again")).to_be_visible()
        page.wait_for_timeout(WITHIN_S * 1000)
        again = seen[-1][2]
    assert len(seen) > 20
    assert {status for _at, status, _sheet in seen} == {200}
    assert all(len(sheets) == 1 for sheets in looks)
    assert len(set.union(*looks)) == 4
    assert {again} == looks[0]


def test_the_page_is_readable_while_a_draft_is_on_it(shop: Shop, page: Page) -> None:
    page.locator("#preset-graphite").click()
    expect(state(page)).to_contain_text("Not published yet")
    with shop.opened(bypass_csp=True, viewport={"width": 1440, "height": 900}) as context:
        looked = context.new_page()
        looked.goto(PAGE)
        expect(preview(looked).locator("h1")).to_be_visible()
        looked.get_by_text("Texts on public pages").click()
        assert problems(looked) == []
