"""Reviews in a real browser: keys do the work. How the pages look is tested in ``tests/shelf``."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from plugins.reviews import answers
from tests import factories
from tests.reviews.conftest import WORDS, Shop, a_site, asked, state
from tests.web.conftest import Visitor
from tests.web.tea_shop.served import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]


@pytest.fixture
def shop(owner: Visitor, desk: Flask) -> Shop:
    site = a_site()
    people = [factories.a_user("admin", name=name) for name in ("Ann", "Bob", "Eva")]
    return Shop(site, factories.a_mailbox("Shop"), *people)


def test_a_review_is_answered_by_keys_alone(
    browser: Browser, desk: Flask, owner: Visitor, shop: Shop
) -> None:
    shop.review("Good tea.")
    number = shop.review("Slow post.", product="Sencha")
    with signed_in(browser, desk, bypass_csp=True) as context:
        page = context.new_page()
        page.goto("/p/reviews/")
        page.keyboard.press("j")
        page.keyboard.press("k")
        expect(page.get_by_role("link", name="Sencha")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1, name="Sencha")).to_be_visible()
        page.keyboard.press("r")
        expect(page.get_by_role("textbox", name="Answer")).to_be_focused()
        page.keyboard.type("Thank you!")
        expect(page.locator("#words-left")).to_have_text("50")
        expect(page.locator("#reviews-preview")).to_have_text("Thank you!")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_text("These are your own words")).to_be_visible()
        assert state(number) == "asked"
        answers.take_back(shop.ann, number)
        other = shop.review("Nice.", product="Oolong")
        asked(shop.ann, other, WORDS)
        page.goto("/p/reviews/approvals")
        page.keyboard.press("Shift+R")
        expect(page.get_by_label("What has to be mended")).to_be_focused()
        page.keyboard.press("Escape")
        page.keyboard.press("Shift+A")
        expect(page.get_by_text("Nothing waits for approval")).to_be_visible()
        assert state(other) == "approved"
