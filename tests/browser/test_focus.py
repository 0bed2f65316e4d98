"""Where the keyboard is after something was swapped: on what is new, and never lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.shop import Shop, composer, press_in_menu, row_of, thread

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-shop")]


def settled(page: Page, sign: Locator) -> None:
    """Wait for what the swap shows, then expect focus in the page, not on the body."""
    expect(sign).to_be_visible()
    expect(page.locator("body.busy")).to_have_count(0)
    expect(page.locator(":focus")).to_have_count(1)


def heading(page: Page, subject: str) -> Locator:
    return page.get_by_role("heading", level=1, name=subject, exact=True)


def test_focus_is_never_lost_while_a_ticket_is_worked_on(shop: Shop) -> None:
    with shop.opened() as context:
        page = context.new_page()
        first = shop.asked()
        shop.wait_in_list(page, first.subject)
        second = shop.asked()
        shop.wait_in_list(page, second.subject)

        row_of(page, second.subject).click()
        settled(page, heading(page, second.subject))
        assert page.locator("#main :focus").count() == 1
        page.keyboard.press("j")
        settled(page, heading(page, first.subject))
        page.get_by_role("link", name="Previous ticket").click()
        settled(page, heading(page, second.subject))

        page.keyboard.press("n")
        expect(composer(page).get_by_label("Text")).to_be_focused()
        page.keyboard.type("Volat zítra.")
        page.keyboard.press("Control+Enter")
        settled(page, thread(page).get_by_text("Volat zítra."))

        press_in_menu(page, "Unassigned", "Assign to me")
        settled(page, page.locator("#main summary", has_text="Olga Novotná"))

        page.keyboard.press("Escape")
        composer(page).get_by_label("Reply", exact=True).check(force=True)
        composer(page).get_by_label("Text").fill("Už je na cestě.")
        page.keyboard.press("Control+Enter")
        settled(page, heading(page, first.subject))
        page.keyboard.press("z")
        settled(page, heading(page, second.subject))
        expect(composer(page).get_by_label("Text")).to_have_value("Už je na cestě.")

        press_in_menu(page, "Open", "Solved")
        settled(page, page.locator("#main summary", has_text="Solved"))
        page.go_back()
        page.wait_for_load_state()
        page.keyboard.press("Tab")
        expect(page.locator(":focus")).to_have_count(1)


def test_a_mail_that_arrives_takes_nothing_from_under_the_hands(shop: Shop) -> None:
    with shop.opened() as context:
        page = context.new_page()
        shop.open_question(page)
        text = composer(page).get_by_label("Text")
        text.click()
        page.keyboard.type("Rozepsaná ")
        other = shop.asked()
        expect(row_of(page, other.subject)).to_be_visible(timeout=40_000)
        expect(text).to_be_focused()
        page.keyboard.type("odpověď")
        expect(text).to_have_value("Rozepsaná odpověď")


def test_an_empty_answer_is_refused_in_words_beside_the_field(shop: Shop) -> None:
    with shop.opened_closely() as (context, watch):
        watch.expected.append("422")
        page = context.new_page()
        shop.open_question(page)
        composer(page).get_by_role("button", name="Send", exact=True).click()
        error = composer(page).get_by_text("Write something first.")
        settled(page, error)
        expect(composer(page).get_by_label("Text")).to_have_attribute("aria-invalid", "true")
