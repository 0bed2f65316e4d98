"""An owner changes the theme and publishes looks while everybody works: nobody is refused."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.load import Load
from tests.browser.shop import Shop

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser-shop"),
    pytest.mark.timeout(400),  # beside all other tests
]

SPAN_S = 3.0  # as long as the slow request that spans a change
WAIT_MS = 60_000


def sheet(load: Load) -> str:
    """Return the address of the theme's sheet that a customer's page names, and of its look."""
    status, page = load.ask("GET", "/help")
    assert status == 200
    return " ".join(re.findall(r'href="([^"]*(?:/theme|/look)[^"]*)"', page))


def wear(page: Page, load: Load, name: str) -> str:
    """Change the theme while a slow request is under way; returns what customers see then."""
    page.goto("/admin/themes")
    with load.spanned(SPAN_S):
        page.get_by_role("button", name=f"Activate {name}", exact=True).click()
        says = page.get_by_role("status").filter(has_text=f"The desk wears {name} now.")
        expect(says).to_be_visible(timeout=WAIT_MS)
    return sheet(load)


def publish(page: Page, load: Load, preset: str) -> str:
    """Publish a look while a slow request is under way; returns what customers see then."""
    page.goto("/admin/customize")
    state = page.locator("#look-state").get_by_role("status")
    with load.spanned(SPAN_S):
        page.locator(f"#preset-{preset}").click()
        expect(state).to_contain_text("Not published yet", timeout=WAIT_MS)
        page.get_by_role("button", name="Publish", exact=True).click()
        expect(state).to_contain_text("Everybody sees this.", timeout=WAIT_MS)
    return sheet(load)


def test_themes_and_looks_change_and_refuse_and_delay_nobody(
    shop: Shop, count: Callable[[str], None]
) -> None:
    with shop.opened() as context:
        ticket, page = context.new_page(), context.new_page()
        shop.open_question(ticket)
        load = Load.of(shop.desk.address, shop.signed_in, urlsplit(ticket.url).path)
        load.pages += ("/help",)
        with load.running():
            time.sleep(SPAN_S)
            began = time.monotonic()
            seen = [
                sheet(load),
                wear(page, load, "Harbour"),
                publish(page, load, "cobalt"),
                publish(page, load, "brick"),
            ]
            page.get_by_role("button", name=re.compile("^Show this again")).last.click()
            expect(page.get_by_text("That look is shown again")).to_be_visible(timeout=WAIT_MS)
            wear(page, load, "Linen")
            ended = time.monotonic()
            time.sleep(SPAN_S)
    assert len(set(seen)) == len(seen)
    assert load.wrong == [], shop.desk.errors[-6000:]
    assert load.posts > 10
    count(load.told(since=began, until=ended))
