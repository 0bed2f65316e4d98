"""Saved replies in a real browser: found, filled in and sent by keyboard alone; on phones, too."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from plugins.saved_replies import replies
from plugins.saved_replies.replies import Written
from tests.browser.readable import check
from tests.factories import a_customer, a_mailbox, a_team, a_ticket
from tests.web.conftest import Visitor
from tests.web.tea_shop.served import signed_in
from tests.web.test_tickets import eva

pytestmark = pytest.mark.browser

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 720}}
TEXTS = {
    "Return by post": "{{customer.greeting}}\n\nsend it back with the number {{ticket.number}}.",
    "Refund": "{{customer.first_name}}, the money is on its way.",
    "Opening hours": "We are open from nine to five.",
}


@pytest.fixture
def saved(owner: Visitor) -> dict[str, int]:
    """Keep some replies; gives their ids."""
    return {
        name: replies.create(
            eva(),
            Written(name=name, texts={"en": text}, tags=("sent back",), status="solved"),
        )
        for name, text in TEXTS.items()
    }


@pytest.fixture
def number(saved: dict[str, int]) -> int:
    return a_ticket(
        a_mailbox(),
        subject="Broken",
        text="Hello, how do I return it?",
        customer=a_customer("Olga Malá", "olga@cz.example"),
    )


def test_an_answer_is_found_filled_in_and_sent_by_keyboard(
    browser: Browser, set_up: Flask, number: int, saved: dict[str, int]
) -> None:
    with signed_in(browser, set_up, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"/t/{number}")
        text = page.locator("#composer-text")
        text.click()
        page.keyboard.type("As promised:")
        page.keyboard.press("Enter")
        page.keyboard.type("/")
        dialog = page.get_by_role("dialog", name="Saved replies")
        expect(dialog.get_by_role("searchbox")).to_be_focused()
        expect(dialog.locator(".saved-replies-option").first).to_contain_text("fits this ticket")
        check(page)
        page.keyboard.type("return")
        page.keyboard.press("Enter")  # sooner than what fits can be there
        expect(dialog).to_be_hidden()
        expect(text).to_be_focused()
        expect(text).to_have_value(
            f"As promised:\nHello,\n\nsend it back with the number {number}."
        )
        expect(page.locator("#composer-status")).to_have_value("solved")
        expect(page.get_by_text("Tags added: sent back")).to_be_visible()
        expect(page.locator("#composer-state")).to_contain_text("saved")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status").filter(has_text="Reply to Olga")).to_be_visible()
        page.goto(f"/t/{number}")
        expect(page.locator("#thread")).to_contain_text(f"back with the number {number}.")
        expect(page.locator("#ticket-head")).to_contain_text("sent back")
        assert replies.one(eva(), saved["Return by post"]).uses == 1


def test_a_text_is_put_in_and_sent_at_one_press(
    browser: Browser, set_up: Flask, number: int
) -> None:
    with signed_in(browser, set_up, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"/t/{number}")
        page.locator("#composer-text").click()
        page.keyboard.type("/hours")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status").filter(has_text="Reply to Olga")).to_be_visible()
        page.goto(f"/t/{number}")
        expect(page.locator("#thread")).to_contain_text("We are open from nine to five.")


def test_arrows_walk_and_escape_gives_the_slash_back(
    browser: Browser, set_up: Flask, number: int
) -> None:
    with signed_in(browser, set_up, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"/t/{number}")
        text = page.locator("#composer-text")
        text.click()
        page.keyboard.type("/")
        dialog = page.get_by_role("dialog", name="Saved replies")
        expect(dialog).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(text).to_have_value("/")
        page.keyboard.type("o and 1/2")
        expect(dialog).to_be_hidden()
        page.get_by_role("link", name="Saved replies").last.click()
        expect(dialog.get_by_role("searchbox")).to_be_focused()
        page.keyboard.type("hours")
        expect(dialog.locator(".saved-replies-option")).to_have_count(1)
        page.keyboard.press("ArrowDown")
        expect(dialog.get_by_role("button", name="Insert: Opening hours")).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(dialog.get_by_role("searchbox")).to_be_focused()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(text).to_have_value("/o and 1/2We are open from nine to five.")
        page.keyboard.press("Control+z")
        expect(text).to_have_value("/o and 1/2")


def test_what_is_not_known_is_selected_and_stops_the_answer(
    browser: Browser, set_up: Flask, saved: dict[str, int]
) -> None:
    number = a_ticket(a_mailbox(), customer=a_customer("x@cz.example", "x@cz.example"))
    with signed_in(browser, set_up, expected=("422",), bypass_csp=True, **PHONE) as context:
        page = context.new_page()
        page.goto(f"/t/{number}")
        text = page.locator("#composer-text")
        page.locator("#composertool-saved_replies-1").click()
        dialog = page.get_by_role("dialog", name="Saved replies")
        expect(dialog.locator("mark.unfilled")).to_have_text("{{customer.first_name}}")
        check(page)
        dialog.get_by_role("button", name="Insert: Refund").click()
        chosen = "field => field.value.slice(field.selectionStart, field.selectionEnd)"
        assert text.evaluate(chosen) == "{{customer.first_name}}"
        page.keyboard.press("Control+Enter")
        error = page.get_by_text("Replace what still stands in braces")
        expect(error).to_be_visible()
        check(page)
        expect(text).to_be_focused()
        assert text.evaluate(chosen) == "{{customer.first_name}}"
        page.keyboard.type("Ilja")
        expect(text).to_have_value("Ilja, the money is on its way.")
        page.keyboard.press("Control+Enter")
        expect(page.get_by_role("status").filter(has_text="goes out in")).to_be_visible()


def test_without_scripts_a_text_is_put_in_and_nothing_is_lost(
    browser: Browser, set_up: Flask, number: int
) -> None:
    with signed_in(browser, set_up, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"/t/{number}")
        page.locator("#composer-text").fill("As promised:")
        page.get_by_role("button", name="Saved replies").click()
        page.get_by_role("button", name="Insert: Opening hours").click()
        expect(page.locator("#composer-text")).to_have_value(
            "As promised:\n\nWe are open from nine to five."
        )
        expect(page.locator("#composer-status")).to_have_value("solved")


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_can_be_read_by_all(
    browser: Browser, set_up: Flask, saved: dict[str, int], width: int, scheme: str
) -> None:
    a_team(name="Warehouse")
    size: dict[str, Any] = {"viewport": {"width": width, "height": 800}, "color_scheme": scheme}
    one = f"/p/saved_replies/{saved['Refund']}"
    with signed_in(browser, set_up, bypass_csp=True, **size) as context:
        page = context.new_page()
        for path in ("", "?q=refund", "?q=nothing", "new"):
            page.goto(f"/p/saved_replies/{path}")
            check(page)
        page.locator("#placeholders summary").click()
        check(page)
        for path in (one, f"{one}/edit"):
            page.goto(path)
            check(page)
