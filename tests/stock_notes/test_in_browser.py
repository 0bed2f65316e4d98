"""Stock notes in a real browser: the card, the board by keys and drag, telling.

How its pages look to everybody is tested for all of the shelf: ``tests/shelf``.
"""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from deskcore.services import access
from deskcore.services.unit import reading
from plugins.stock_notes import lists, notes, waits
from plugins.stock_notes.lists import Written
from plugins.stock_notes.waits import Wish
from tests.browser.readable import check
from tests.factories import a_customer, a_mailbox, a_ticket
from tests.stock_notes.test_card import rows
from tests.stock_notes.waiting import work
from tests.web.conftest import Visitor
from tests.web.tea_shop.served import signed_in

pytestmark = pytest.mark.browser

BOARD = "/p/stock_notes/restock"


@pytest.fixture
def number(owner: Visitor) -> int:
    """Have people wait for three things, and give a ticket that asks for one of them."""
    mailbox = a_mailbox()
    with reading() as session:
        eva = access.actor_of(session, 1)
    assert eva is not None
    for name, product in (("Olga Malá", "T-2"), ("Ivan Petrov", "T-2"), ("Jana Nová", "T-3")):
        customer = a_customer(name, f"{name.split()[0].lower()}@cz.example")
        ticket = a_ticket(mailbox, subject=f"{name} asks", text="Hello?", customer=customer)
        waits.put(eva, ticket, Wish(product=product))
    notes.add(eva, "T-2", "The supplier is on holiday until Monday.", place="High Street")
    written = Written(
        name="Opening",
        kind="opening",
        place="High Street",
        days="1234567",
        items=("Lights on", "Count the till", "Sign outside"),
    )
    lists.create(eva, written)
    return a_ticket(
        mailbox,
        subject="Sencha?",
        text="Do you have Sencha or Assam?",
        customer=a_customer("Petra Malá", "petra@cz.example"),
    )


def lane(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=False)


def test_the_card_comes_by_itself_and_one_press_puts_the_customer_on_the_list(
    browser: Browser, set_up: Flask, number: int
) -> None:
    with signed_in(browser, set_up, bypass_csp=True) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 1440, "height": 1000})
        page.goto(f"/t/{number}")
        card = page.locator("#stock-card")
        card.scroll_into_view_if_needed()
        expect(card).to_contain_text("The supplier is on holiday until Monday.")
        check(page)
        sencha = card.locator("section", has_text="Sencha")
        sencha.get_by_role("button", name="Notify when back").press("Enter")
        expect(card.locator("section", has_text="Sencha")).to_contain_text("On the list since")
        expect(page.get_by_text("They are on the list.")).to_be_visible()
        expect(page.locator("*:focus")).to_have_count(1)  # never lost, though the button is gone
        assert page.url.endswith(f"/t/{number}")
        sencha.get_by_text("Add a note").click()
        sencha.get_by_label("Note", exact=True).fill("Two under the counter")
        sencha.get_by_role("button", name="Add note").click()
        expect(card).to_contain_text("Two under the counter")
        card.get_by_role("searchbox").fill("gyo")
        card.get_by_role("searchbox").press("Enter")
        expect(card).to_contain_text("Gyokuro")
        check(page)


def test_cards_are_moved_by_keys_and_by_drag_and_who_was_late_is_told(
    browser: Browser, set_up: Flask, number: int
) -> None:
    refused = ("422 (UNPROCESSABLE",)
    with signed_in(browser, set_up, expected=refused, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(BOARD)
        cards = page.locator("[data-stock-card]")
        first = cards.first
        name = first.get_attribute("aria-label") or ""
        first.focus()
        page.keyboard.press("ArrowDown")
        expect(cards.nth(1)).to_be_focused()
        page.keyboard.press("ArrowUp")
        expect(first).to_be_focused()
        page.keyboard.press("Shift+ArrowRight")
        ordered = page.locator("#stock-lane-ordered")
        expect(ordered).to_contain_text(name)
        expect(ordered.locator("[data-stock-card]")).to_be_focused()
        page.keyboard.press("Shift+ArrowRight")
        arrived = page.locator("#stock-lane-arrived")
        expect(arrived.locator("[data-stock-card]")).to_be_focused()
        page.keyboard.press("ArrowLeft")
        expect(page.locator("#stock-lane-watching [data-stock-card]")).to_be_focused()
        page.locator("#stock-lane-watching [data-stock-card]").drag_to(ordered)
        expect(ordered.locator("[data-stock-card]")).to_be_visible()
        other = context.new_page()
        other.goto(BOARD)
        arrived.locator("[data-stock-card]").focus()
        page.keyboard.press("Shift+ArrowLeft")
        expect(ordered.locator("[data-stock-card]")).to_have_count(2)
        other.locator("#stock-lane-arrived select").select_option("told")
        other.locator("#stock-lane-arrived").get_by_role("button", name="Move").click()
        expect(other.locator("#stock-board-problem")).to_contain_text("it is in “Ordered” now")
        check(other)


def test_telling_is_confirmed_by_keyboard_and_its_progress_comes_by_itself(
    browser: Browser, set_up: Flask, number: int
) -> None:
    with signed_in(browser, set_up, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(BOARD)
        page.get_by_role("link", name="Tell 2 people").press("Enter")
        page.get_by_label("Text: English").fill(
            "{{customer.greeting}}\n\n{{product.name}} is back!"
        )
        page.get_by_role("button", name="Look again").press("Enter")
        expect(page.locator(".card .message-text")).to_contain_text("Sencha is back!")
        page.get_by_role("button", name="Tell 2 people").press("Enter")
        expect(page.locator("#stock-state")).to_contain_text("2 are left.")
        for _look in range(3):  # as long as it takes
            with page.expect_response(lambda answer: "/runs/" in answer.url):
                pass
        check(page)
        with set_up.app_context():
            work()
        expect(page.locator("#stock-state")).to_have_text("Done.")
        assert rows("SELECT COUNT(*) FROM plg_stock_notes_wait WHERE state = 'told'") == [(2,)]
