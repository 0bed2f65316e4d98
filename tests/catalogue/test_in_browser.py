"""The catalogue in a real browser: a file by keys alone, and without scripts; the box beside a ticket."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, FilePayload, Page, expect

from plugins.catalogue.offer import OwnCatalogue
from tests import factories
from tests.browser.readable import check
from tests.catalogue.test_imports import all_work
from tests.web.conftest import Visitor, desk, owner, set_up
from tests.web.tea_shop.served import signed_in

__all__ = ["desk", "owner", "set_up"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}}
FILE = FilePayload(
    name="pots.csv",
    mimeType="text/csv",
    buffer=b"Nummer;Name;Price\nPOT-1;Kyusu teapot;49\nPOT-2;Gaiwan;26\n;Nothing;1\n",
)


def bring(page: Page) -> None:
    page.goto("/p/catalogue/imports")
    page.get_by_label("File", exact=True).set_input_files([FILE])
    page.get_by_role("button", name="Go on").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("pots.csv")


def press(page: Page, name: str) -> None:
    """Go to a button by the Tab key as often as it takes, and press it."""
    button = page.get_by_role("button", name=name, exact=True)
    for _step in range(120):
        if button.evaluate("it => it === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")


def test_a_file_is_looked_through_and_taken_by_keys_while_its_page_goes_on_by_itself(
    browser: Browser, set_up: Flask, owner: Visitor
) -> None:
    number = factories.a_ticket(
        factories.a_mailbox(), subject="A pot", text="Is the Kyusu teapot in?"
    )
    with signed_in(browser, set_up, bypass_csp=True) as context:
        page = context.new_page()
        bring(page)
        page.get_by_label("Nummer").select_option(label="SKU")
        press(page, "Look it through")
        expect(page.locator("#import-progress")).to_contain_text("being looked through")
        check(page)
        with set_up.app_context():
            all_work()
        # Nobody presses anything: the page asks how far it is, and what comes next is on it.
        take = page.get_by_role("button", name="Take it into the catalogue")
        expect(take).to_be_visible(timeout=20_000)
        expect(page.locator("#import-progress")).to_contain_text("Rows that cannot be taken")
        check(page)
        press(page, "Take it into the catalogue")
        expect(page.locator("#import-progress")).to_contain_text("being taken")
        for _look in range(3):  # as long as it takes
            with page.expect_response(lambda answer: "/imports/" in answer.url):
                pass
        with set_up.app_context():
            all_work()
        report = page.get_by_role("link", name="Report of bad rows")
        expect(report).to_be_visible(timeout=20_000)
        page.goto(f"/t/{number}")
        card = page.locator("#catalogue-card")
        card.scroll_into_view_if_needed()
        expect(card).to_contain_text("Kyusu teapot")
        check(page)


def test_without_scripts_a_phone_does_all_of_it(
    browser: Browser, set_up: Flask, owner: Visitor
) -> None:
    with signed_in(
        browser, set_up, java_script_enabled=False, expected=("status of 422",), **PHONE
    ) as context:
        page = context.new_page()
        bring(page)
        page.get_by_label("Nummer").select_option(label="SKU")
        page.get_by_role("button", name="Look it through").click()
        with set_up.app_context():
            all_work()
        page.get_by_role("link", name="Look again").click()
        page.get_by_role("button", name="Take it into the catalogue").click()
        with set_up.app_context():
            all_work()
        page.goto("/p/catalogue/places")
        page.get_by_label("Place", exact=True).fill("High Street")
        page.get_by_role("button", name="Add").click()
        page.goto("/p/catalogue/?q=gaiwan")
        page.get_by_role("link", name="Gaiwan").click()
        page.get_by_label("Pieces: High Street").fill("many")
        page.get_by_role("button", name="Write down").click()
        expect(page.get_by_label("Pieces: High Street")).to_have_attribute("aria-invalid", "true")
        page.get_by_label("Pieces: High Street").fill("3")
        page.get_by_role("button", name="Write down").click()
        expect(page.get_by_role("status").filter(has_text="Written down.")).to_be_visible()
    kept = OwnCatalogue().get("POT-2")
    assert kept is not None
    assert kept.name == "Gaiwan"
