"""Every page, card and board of the shelf for everybody: axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.readable import WIDE, problems, too_wide
from tests.browser.tabbing import unreached
from tests.browser.test_accessibility import LANGUAGES, choose_language
from tests.shelf.screens import NO_PAGES, Screen, screens
from tests.shelf.tea_shop import SHELF, TeaShop, tea_shop
from tests.web.tea_shop.served import signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(600),
    pytest.mark.xdist_group("shelf-screens"),
]


PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TeaShop]:
    with tea_shop(tmp_path_factory.mktemp("shelf")) as opened:
        yield opened


def show(page: Page, screen: Screen) -> None:
    """Open a screen; what is filled when it comes into view is waited for."""
    page.goto(screen.path)
    page.evaluate("document.querySelectorAll('[data-lazy]').forEach(part => part.scrollIntoView())")
    expect(page.locator("[data-lazy]:visible")).to_have_count(0)
    if screen.opens:
        page.locator(screen.opens).click()
    if screen.part:
        expect(page.locator(screen.part)).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_can_be_read(shop: TeaShop, browser: Browser, language: str) -> None:
    found: list[str] = []
    with signed_in(browser, shop.app, bypass_csp=True, locale=LANGUAGES[language]) as context:
        page = context.new_page()
        choose_language(page, language)
        for _plugin, screen in screens(shop.keys):
            page.set_viewport_size({"width": WIDE, "height": 900})
            show(page, screen)
            expect(page.locator("html")).to_have_attribute("lang", language)
            is_all = language == "en" or "DESK_TEST_EVERYTHING" in os.environ
            found += problems(page, screen.part or "html") if is_all else too_wide(page)
    assert found == [], "\n".join(found)


def test_everything_on_every_page_is_reached_by_keys_alone(shop: TeaShop, browser: Browser) -> None:
    wrong: list[str] = []
    pages = [screen for _plugin, screen in screens(shop.keys) if not screen.path.startswith("/t/")]
    with signed_in(browser, shop.app, bypass_csp=True) as context:
        page = context.new_page()
        for screen in pages:
            show(page, screen)
            wrong += unreached(page)
    assert wrong == [], "\n".join(wrong)


def test_every_page_of_the_shelf_is_whole_without_scripts(shop: TeaShop, browser: Browser) -> None:
    router, seen = shop.app.url_map.bind("127.0.0.1"), set[str]()
    without: dict[str, Any] = {"java_script_enabled": False, "viewport": PHONE}
    with signed_in(browser, shop.app, **without) as context:
        page = context.new_page()
        paths = [screen.path for _plugin, screen in screens(shop.keys)]
        for path in paths:
            endpoint = router.match(path.partition("?")[0], method="GET")[0]
            answer = page.goto(path)
            assert answer, path
            assert answer.ok, path
            assert page.get_by_role("heading", level=1).inner_text(), path
            seen.add(endpoint)
            # A card is a link to its page here.
            cards = page.locator("[data-lazy]").evaluate_all("all => all.map(one => one.pathname)")
            paths += [card for card in cards if card not in paths]
    theirs = {
        rule.endpoint
        for rule in shop.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and re.match(rf"/(p|c)/({'|'.join(SHELF)})/", rule.rule)
    }
    assert theirs - seen == set(NO_PAGES)
