"""The flow of a kind in a real browser: the room is counted while one types, also on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.browser.readable import check
from tests.kinds.conftest import House
from tests.plugin.guests import ENTRY, move, propose, status
from tests.web.conftest import Visitor
from tests.web.tea_shop.served import signed_in
from tests.web.test_tickets import eva

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 720}}


def test_the_room_is_counted_while_one_types_and_steps_are_taken_in_the_menu(
    browser: Browser, desk: Flask, owner: Visitor, house: House
) -> None:
    with signed_in(browser, desk, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"/t/{house.number}?v=open")
        text, left = page.get_by_label("Text", exact=True), page.locator("#composer-left")
        expect(left).to_have_text("200")
        text.fill("  Thanks 🫖  ")
        expect(left).to_have_text("192")
        text.fill("x" * 203)
        expect(left).to_have_text("-3")
        check(page)
        page.locator("#ticket-status summary").click()
        page.get_by_role("button", name="Draft").first.click()
        expect(page.locator("#ticket-status summary")).to_contain_text("Draft")
        assert status(house.number) == "draft"
        expect(left).to_have_text("-3")


def test_an_approved_answer_is_published_with_the_keyboard(
    browser: Browser, desk: Flask, owner: Visitor, house: House
) -> None:
    move(house.number, (house.ann, "draft"))
    propose(house.ann, house.number, "Thank you!")
    move(house.number, (eva(), "approved"))
    with signed_in(browser, desk, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"/t/{house.number}?v=open")
        page.get_by_label("Text", exact=True).fill("Thank you!")
        page.keyboard.press("Control+Enter")
        expect(page.locator("#ticket-status summary")).to_contain_text("Published")
        assert status(house.number) == "published"


def test_on_a_phone_and_without_javascript_all_of_it_is_there(
    browser: Browser, desk: Flask, owner: Visitor, house: House
) -> None:
    with signed_in(browser, desk, bypass_csp=True, java_script_enabled=False, **PHONE) as context:
        page = context.new_page()
        page.goto(f"/t/{house.number}?v=open")
        expect(page.locator("#composer-left")).to_have_text("200")
        expect(page.locator("#composer-flow")).to_contain_text("Everybody can read this answer.")
        page.locator("#ticket-status summary").click()
        page.get_by_role("button", name="Draft").first.click()
        expect(page.locator("#ticket-status summary")).to_contain_text("Draft")
    with signed_in(browser, desk, bypass_csp=True, **PHONE) as context:
        page = context.new_page()
        page.goto(f"/t/{house.number}?v=open")
        check(page)
        page.goto(f"/v/open?kind={ENTRY}")
        check(page)
