"""Parts of plugins in a real browser: fetched when they are seen, on phones, without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import insert

from deskcore.extensions import db
from deskcore.services import ticket_page
from tests.factories import a_customer, a_mailbox, a_message, a_ticket
from tests.plugin.tea import part
from tests.web.conftest import Visitor
from tests.web.tea_shop.served import signed_in
from tests.web.test_tickets import eva

pytestmark = pytest.mark.browser

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 720}}


@pytest.fixture
def number(owner: Visitor) -> int:
    """Give a ticket of somebody who waits for Sencha."""
    number = a_ticket(a_mailbox(), customer=a_customer("Olga", "olga@cz.example"))
    a_message(number, "Is there any Sencha?")
    tables = part("tables")
    card = ticket_page.read(eva(), number).customer
    assert card
    with db.engine.begin() as connection:
        connection.execute(insert(tables.SHELVES).values(tea="Assam", count=3))
        connection.execute(insert(tables.WISHES).values(customer_id=card.id, tea="Sencha"))
    return number


def check(page: Page) -> None:
    """Expect nothing for axe to find, and nothing wider than the page."""
    violations = Axe().run(page).response["violations"]
    assert [(found["id"], found["nodes"][0]["html"]) for found in violations] == []
    assert not page.evaluate(WIDE)


def test_a_box_is_filled_when_it_is_seen(browser: Browser, set_up: Flask, number: int) -> None:
    with signed_in(browser, set_up, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"/t/{number}")
        expect(page.locator("#side")).to_contain_text("Sencha")
        check(page)


def test_a_box_on_a_phone_is_filled_once_the_side_is_open(
    browser: Browser, set_up: Flask, number: int
) -> None:
    with signed_in(browser, set_up, bypass_csp=True, **PHONE) as context:
        page = context.new_page()
        page.goto(f"/t/{number}")
        expect(page.locator("#side")).not_to_contain_text("Sencha")
        page.get_by_role("button", name="About this ticket").click()
        expect(page.locator("#side")).to_contain_text("Sencha")
        check(page)


def test_a_box_that_does_not_come_says_so_and_can_be_tried_again(
    browser: Browser, set_up: Flask, number: int
) -> None:
    with signed_in(browser, set_up, expected=("ERR_FAILED", "Failed to fetch")) as context:
        page = context.new_page()
        page.route("**/p/tea_shop/wishes/*", lambda route: route.abort())
        page.goto(f"/t/{number}")
        box = page.get_by_role("region", name="Waits for")
        expect(box).to_contain_text("This could not be shown.")
        expect(page.locator("#alerts")).to_be_empty()
        page.unroute("**/p/tea_shop/wishes/*")
        box.get_by_role("link").click()
        expect(box).to_contain_text("Sencha")
        expect(page).to_have_url(f"/t/{number}")


def test_a_box_is_a_link_without_scripts(browser: Browser, set_up: Flask, number: int) -> None:
    with signed_in(browser, set_up, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"/t/{number}")
        page.get_by_role("link", name="Show Waits for").click()
        expect(page.get_by_role("heading", level=1, name="Waits for")).to_be_visible()
        expect(page.locator("main")).to_contain_text("Sencha")


def test_an_offer_goes_where_the_cursor_is(browser: Browser, set_up: Flask, number: int) -> None:
    with signed_in(browser, set_up, bypass_csp=True, **PHONE) as context:
        page = context.new_page()
        page.goto(f"/t/{number}")
        text = page.locator("#composer-text")
        text.fill("Hello, bye.")
        text.evaluate("field => field.setSelectionRange(7, 7)")
        opener = page.get_by_role("link", name="Offer a tea")
        opener.focus()
        page.keyboard.press("Enter")
        offer = page.get_by_role("dialog", name="Offer a tea")
        expect(offer).to_be_visible()
        check(page)
        page.keyboard.press("Escape")
        expect(offer).to_be_hidden()
        expect(opener).to_be_focused()
        page.keyboard.press("Enter")
        insert_it = offer.get_by_role("button", name="Insert: We have Assam again.")
        expect(insert_it).to_be_focused()
        page.keyboard.press("Enter")
        expect(text).to_have_value("Hello, We have Assam again.bye.")
        expect(text).to_be_focused()
        expect(page.locator("#composer-state")).to_contain_text("saved")
        page.keyboard.press("Control+z")
        expect(text).to_have_value("Hello, bye.")


def test_what_a_plugin_does_asks_first(browser: Browser, set_up: Flask, number: int) -> None:
    with signed_in(browser, set_up, bypass_csp=True, **PHONE) as context:
        page = context.new_page()
        page.goto(f"/t/{number}")
        page.locator("#ticket-more-button").click()
        check(page)
        page.get_by_role("button", name="Wants Sencha").click()
        expect(page.get_by_role("dialog")).to_contain_text("They are told as soon as it is back.")
        page.get_by_role("button", name="Wants Sencha").last.click()
        expect(page.get_by_role("status").filter(has_text="waits for Sencha")).to_be_visible()


def test_a_card_of_the_administration_is_filled(browser: Browser, set_up: Flask) -> None:
    with signed_in(browser, set_up, bypass_csp=True) as context:
        page = context.new_page()
        page.goto("/admin")
        card = page.get_by_role("region", name="On the shelves")
        card.scroll_into_view_if_needed()  # it asks when somebody looks at it
        expect(card.get_by_role("list")).to_have_count(1)
        check(page)


@pytest.mark.parametrize("width", [360, 1440])
def test_words_in_rows_leave_room_for_the_rest(
    browser: Browser, set_up: Flask, number: int, width: int
) -> None:
    a_ticket(a_mailbox(), subject="Assam, please, and very much of it")
    size: dict[str, Any] = {"viewport": {"width": width, "height": 800}}
    with signed_in(browser, set_up, bypass_csp=True, **size) as context:
        page = context.new_page()
        page.goto("/v/open")
        expect(page.locator(".row-said")).to_have_text("On the shelves: Assam: 3")
        check(page)
        page.goto(f"/t/{number}")
        check(page)


def test_fields_of_a_ticket_are_filled_in_on_a_phone(
    browser: Browser, set_up: Flask, number: int
) -> None:
    with signed_in(browser, set_up, expected=("422",), bypass_csp=True, **PHONE) as context:
        page = context.new_page()
        page.goto(f"/t/{number}")
        page.get_by_role("button", name="About this ticket").click()
        page.get_by_role("region", name="Details").get_by_role("link", name="Change").click()
        check(page)
        page.get_by_label("Order", exact=True).fill("A-1042")
        page.get_by_label("Grams").fill("a few")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("link", name="Enter a number, for example 12.5.").click()
        expect(page.get_by_label("Grams")).to_be_focused()
        check(page)
        page.get_by_label("Grams").fill("50")
        page.get_by_label("Leaf").select_option("Tea bags")
        page.get_by_role("button", name="Save").click()
        page.get_by_role("button", name="About this ticket").click()
        expect(page.get_by_role("region", name="Details")).to_contain_text("Tea bags")
