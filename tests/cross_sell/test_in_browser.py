"""Offers in a real browser: the card beside a letter somebody writes, its pages, a customer's link."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from deskcore.services.unit import reading
from plugins.cross_sell import offers
from plugins.cross_sell.tables import CHANCES
from tests.browser.readable import check
from tests.cross_sell.shop import DESCALER, FILTER, KETTLE, stocked
from tests.factories import a_customer, a_mailbox, a_ticket
from tests.web.conftest import Visitor
from tests.web.tea_shop.served import signed_in
from tests.web.test_tickets import eva

pytestmark = pytest.mark.browser

LEAVING = ("request to another place: https://tools.example/DES-1?a=1&b=2",)
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 720}, "color_scheme": "dark"}


@pytest.fixture
def number(owner: Visitor) -> int:
    stocked(DES_1=5, FIL_2=5)
    for offer in (DESCALER, FILTER):
        offers.create(eva(), offer)
    customer = a_customer("Olga Malá", "olga@cz.example")
    return a_ticket(a_mailbox(), subject="Klara", text=KETTLE, customer=customer)


def chances() -> dict[str, Any]:
    with reading() as session:
        return {row.product: row for row in session.execute(select(CHANCES))}


def test_an_offer_is_put_into_the_letter_beside_it_and_another_put_away(
    browser: Browser, set_up: Flask, number: int
) -> None:
    with signed_in(browser, set_up, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"/t/{number}")
        text = page.locator("#composer-text")
        text.click()
        page.keyboard.type("Five centimetres.\n")
        card = page.locator("#cross-sell-card")
        card.scroll_into_view_if_needed()
        expect(card.get_by_text("Fits what the ticket speaks of: Kettle Klara")).to_have_count(2)
        card.get_by_role("button", name="Insert: Descaler").click()
        expect(text).to_have_value(
            re.compile(
                r"^Five centimetres\.\nA descaler keeps it clean: Descaler, CZK.?149\.00\.\n"
            )
        )
        expect(text).to_have_value(re.compile(r"http://\S+/c/cross_sell/[\w-]{22}$"))
        expect(page.locator("#toasts")).to_contain_text("The text is in your answer.")
        card.get_by_label("Why it is put away: Filter").select_option("has it already")
        card.get_by_role("button", name="Put away: Filter").press("Enter")
        expect(card.get_by_text("in the answer")).to_be_visible()
        expect(page.locator("*:focus")).to_have_count(1)  # never lost, though the button is gone
        expect(card.get_by_text("Fits what the ticket speaks of")).to_have_count(0)
        assert text.input_value().startswith("Five centimetres.")
        found = chances()
        assert found["DES-1"].inserted_at is not None
        assert (found["FIL-2"].dismissed_for, found["FIL-2"].inserted_at) == ("has_it", None)
        assert all(row.shown_at is not None for row in found.values())
        check(page)
        page.locator("#composertool-cross_sell-1").click()
        expect(page.get_by_role("dialog", name="Offers")).to_contain_text("in the answer")
        check(page)


def test_an_offer_is_put_in_without_scripts(browser: Browser, set_up: Flask, number: int) -> None:
    with signed_in(browser, set_up, java_script_enabled=False, **PHONE) as context:
        page = context.new_page()
        page.goto(f"/p/cross_sell/for/{number}")
        page.get_by_role("button", name="Insert: Descaler").click()
        expect(page.locator("#composer-text")).to_have_value(
            re.compile("A descaler keeps it clean")
        )


def test_a_customer_looks_presses_and_is_led_to_the_shop(
    browser: Browser, set_up: Flask, number: int
) -> None:
    with signed_in(
        browser, set_up, java_script_enabled=False, expected=LEAVING, **PHONE
    ) as context:
        page = context.new_page()
        page.goto(f"/p/cross_sell/for/{number}")
        page.get_by_role("button", name="Insert: Descaler").click()
        text = page.locator("#composer-text").input_value()
        [path] = re.findall(r"/c/cross_sell/[\w-]{22}", text)
        context.clear_cookies()
        context.route("https://tools.example/**", lambda route: route.fulfill(body="The shop"))
        page.goto(path)
        assert chances()["DES-1"].clicked_at is None
        page.get_by_role("button", name="To the shop: tools.example").click()
        page.wait_for_url("https://tools.example/DES-1?a=1&b=2")
        assert chances()["DES-1"].clicked_at is not None
        page.goto(path)
        page.get_by_role("button", name="No more offers, please").click()
        expect(page.get_by_role("status")).to_contain_text("We have noted it.")
