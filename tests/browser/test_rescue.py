"""The rescue page without scripts and by keyboard, the red line, and the bar of ``desk dev``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.broken.test_loading import install
from tests.browser.desks import SLOW_MS
from tests.browser.readable import problems
from tests.browser.watching import watched_closely
from tests.process.desks import Desk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Give the sample shop as ``desk dev`` sets it up, with a plugin that shows a box."""
    desk = Desk(instance=tmp_path / "instance", environment={"DESK_PORT": "0"}, command="dev")
    try:
        install(desk.ready().instance, "slow_hook")
        yield desk
    finally:
        desk.kill()


def printed(desk: Desk, what: str) -> str:
    return next(line.split()[-1] for line in desk.lines if what in line)


def sign_in(page: Page, desk: Desk) -> None:
    """Sign in by the form of the rescue page, with the keyboard alone."""
    page.goto("/rescue")
    page.keyboard.press("Tab")
    page.keyboard.type(printed(desk, "Sign in as:"))
    page.keyboard.press("Tab")
    page.keyboard.type(printed(desk, "Password:"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The desk as a whole")).to_be_visible()


def test_the_rescue_page_works_by_keyboard_and_without_scripts(
    browser: Browser, desk: Desk
) -> None:
    options = {"java_script_enabled": False, "viewport": PHONE}
    with watched_closely(browser, desk.address, **options) as (context, _watch):
        page = context.new_page()
        sign_in(page, desk)
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Switch off: E-mail")).to_be_focused()
        page.get_by_role("button", name="Switch off: Spam").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("spam is switched off", timeout=SLOW_MS)
        page.get_by_role("button", name="Start safe mode").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("no plugin works")).to_be_visible(timeout=SLOW_MS)
        page.goto("/v/open")
        expect(page.get_by_role("complementary", name="Safe mode")).to_be_in_viewport()
        page.get_by_role("link", name="End it on the rescue page").click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download a report").click()
        assert re.fullmatch(r"desk-[\d-]+\.txt", download.value.suggested_filename)
        page.get_by_role("button", name="End safe mode").click()
        expect(page.get_by_role("status")).to_contain_text("Safe mode is ended", timeout=SLOW_MS)


def test_every_state_of_it_can_be_read(browser: Browser, desk: Desk) -> None:
    found: list[str] = []
    with watched_closely(browser, desk.address, bypass_csp=True) as (context, watch):
        watch.expected.append("422")
        page = context.new_page()
        page.goto("/rescue")
        page.get_by_label("Rescue key").fill("wrong")
        page.get_by_role("button", name="Use the key").click()
        expect(page.get_by_label("Rescue key")).to_be_focused()
        expect(page.get_by_role("alert")).to_contain_text("This is not the key")
        found += problems(page)
        sign_in(page, desk)
        found += problems(page)
        page.get_by_role("button", name="Start safe mode").click()
        expect(page.get_by_text("no plugin works")).to_be_visible(timeout=SLOW_MS)
        found += problems(page)
        page.goto("/v/open")
        found += problems(page)
        page.goto("/admin/audit?what=plugin&about=nothing")
        found += problems(page)
    assert found == []


def test_shift_d_outlines_what_plugins_put_into_a_page(browser: Browser, desk: Desk) -> None:
    with watched_closely(browser, desk.address) as (context, _watch):
        page = context.new_page()
        sign_in(page, desk)
        page.goto("/admin/plugins/slow_hook")
        page.get_by_role("button", name="Activate: ").click()
        # Sought in the page, so that a failure shows all of it.
        is_active = page.locator(".page-head").filter(has_text=re.compile("Active"))
        expect(is_active).to_be_visible(timeout=2 * SLOW_MS)
        page.goto("/v/open")
        page.locator("[data-row]").first.click()
        expect(page.get_by_text("Here I am.")).to_be_visible(timeout=SLOW_MS)
        page.keyboard.press("Shift+D")
        slots = page.locator(".dev-slot")
        expect(slots).to_have_count(5)
        assert slots.evaluate_all("all => all.map(one => one.dataset.devSlot)") == [
            "saved_replies",
            "spam",
            "spam",
            "saved_replies",
            "slow_hook",
        ]
        bar = page.get_by_role("complementary", name="Developer")
        expect(bar).to_contain_text(re.compile(r"\d+ queries"))
        page.get_by_role("textbox").first.focus()
        page.keyboard.press("Shift+D")
        expect(slots).to_have_count(5)
        page.goto("/rescue")
        expect(bar).to_have_count(0)
