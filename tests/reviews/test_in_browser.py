"""Reviews in a real browser: every page in three languages, dark and on a phone; keys do the work."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from deskcore.models import User
from deskcore.services.unit import unit_of_work
from plugins.reviews import answers, inbox, texts
from plugins.reviews.answers import Press
from plugins.reviews.texts import Text
from tests import factories
from tests.reviews.conftest import WORDS, Shop, a_site, approve, asked, state
from tests.web.conftest import Visitor
from tests.web.tea_shop.served import signed_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
LOOK = "document.querySelectorAll('[data-lazy]').forEach(part => part.scrollIntoView())"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 720}}
# Each other page in the languages whose words are longer, on a phone.
ODD = {"cs": 0, "ru": 1}
# Where pictures for the docs go, when somebody asks for them.
PICTURES = os.environ.get("REVIEW_PICTURES", "")


@pytest.fixture
def shop(owner: Visitor, desk: Flask) -> Shop:
    site = a_site()
    people = [factories.a_user("admin", name=name) for name in ("Ann", "Bob", "Eva")]
    return Shop(site, factories.a_mailbox("Shop"), *people)


def check(page: Page) -> None:
    """Expect nothing for axe to find, and nothing wider than the page."""
    violations = Axe().run(page).response["violations"]
    found = [(each["id"], each["nodes"][0]["html"]) for each in violations]
    assert found == [], page.url
    assert not page.evaluate(WIDE), page.url


def pages(shop: Shop) -> list[str]:
    """Have a review in every state, and name the pages that show them."""
    customer = factories.a_customer("Ann", "ann@example.com")
    other = factories.a_ticket(shop.mailbox, customer=customer)
    text = Text(name="Happy", least=3, most=5, words="Thank you, {{reviews.author}}!")
    texts.keep(shop.ann, text)
    fresh = shop.review("Good tea, slow post. " * 8, link="https://zbozi.example/1")
    shop.review("Good tea, quick post now. " * 8, link="https://zbozi.example/1", stars="4")
    waits = shop.review("Cold tea.", stars="1", author="Ivo", email="", title="Never again")
    asked(shop.ann, waits)
    ready = shop.review("Lovely!", stars="5")
    asked(shop.ann, ready)
    approve(shop.bob, ready)
    back = shop.review("", stars="2")
    asked(shop.ann, back)
    version = inbox.one(shop.bob, back).version
    answers.give_back(shop.bob, Press(number=back, version=version), "Say sorry first.")
    done = shop.review("Fine.", stars="4")
    asked(shop.ann, done)
    approve(shop.bob, done)
    answers.publish(shop.ann, done)
    reviews = [f"/p/reviews/{number}" for number in (fresh, waits, ready, back, done)]
    words = "approvals paste sites texts texts/new texts/1 settings asked".split()
    rest = [f"/p/reviews/{word}" for word in (*words, f"asking/{customer[0]}")]
    return [
        "/p/reviews/",
        "/p/reviews/?stars=3&state=gone",
        *reviews,
        *rest,
        f"/t/{fresh}",
        f"/t/{other}",
    ]


def test_every_page_is_readable_in_every_language_dark_and_on_phones(
    browser: Browser, desk: Flask, owner: Visitor, shop: Shop
) -> None:
    there = pages(shop)
    ways: dict[str, dict[str, Any]] = {
        "en": {}, "cs": PHONE, "ru": {**PHONE, "color_scheme": "dark"},
    }  # fmt: skip
    for language, how in ways.items():
        with unit_of_work() as unit:
            unit.session.execute(update(User).values(locale=language))
        with signed_in(browser, desk, bypass_csp=True, **how) as context:
            page = context.new_page()
            for path in there if language == "en" else there[ODD[language] :: 2]:
                page.goto(path)
                page.evaluate(LOOK)
                expect(page.locator("[data-lazy]:visible")).to_have_count(0)
                check(page)
                if PICTURES and language == "en":
                    name = path.strip("/").replace("/", "-").replace("p-reviews", "reviews")
                    page.screenshot(
                        path=Path(PICTURES) / f"{name or 'reviews'}.png", full_page=True
                    )


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
