"""Hasty hands: a double click, a second tab, Back and press again. Each reply leaves once."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.desks import sign_in
from tests.browser.mails import parsed
from tests.browser.shop import Shop, composer, thread
from tests.process.desks import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-shop")]


def write(page: Page, text: str) -> None:
    composer(page).get_by_label("Text").fill(text)


def send_button(page: Page) -> Locator:
    return composer(page).get_by_role("button", name="Send", exact=True)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_double_click_on_send_sends_one_mail(shop: Shop, *, scripts: bool) -> None:
    with shop.opened(java_script_enabled=scripts) as context:
        page = context.new_page()
        question = shop.open_question(page)
        write(page, "Jednou stačí.")
        send_button(page).dblclick()
        expect(page.get_by_role("status").filter(has_text="Reply to Customer")).to_be_visible()
        expect(thread(page).get_by_text("Jednou stačí.")).to_have_count(1)
        wait_until(lambda: shop.mails_to(question), "the answer leaves")
        page.goto("/outbox")
        expect(page.get_by_role("row", name=question.subject)).to_have_count(1)
        assert len(shop.mails_to(question)) == 1


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_enter_beside_a_text_neither_sends_nor_discards_it(shop: Shop, *, scripts: bool) -> None:
    with shop.opened(java_script_enabled=scripts) as context:
        page = context.new_page()
        question = shop.open_question(page)
        write(page, "Ještě nedopsáno.")
        composer(page).get_by_text("Recipients and status").click()
        composer(page).get_by_label("To", exact=True).press("Enter")
        page.goto("/new")
        page.get_by_label("Text").fill("Také ne.")
        page.get_by_label("Subject").press("Enter")
        expect(page.get_by_label("Text")).to_have_value("Také ne.")
        assert page.url.endswith("/new")
        page.goto("/outbox")
        expect(page.get_by_role("row", name=question.subject)).to_have_count(0)


def test_a_second_tab_is_told_and_keeps_its_text(shop: Shop) -> None:
    with shop.opened_closely() as (context, watch):
        watch.expected.append("409")
        first, second = context.new_page(), context.new_page()
        question = shop.open_question(first)
        second.goto(first.url)
        write(second, "Moje druhá odpověď.")
        write(first, "Moje první odpověď.")
        send_button(first).click()
        expect(thread(first).get_by_text("Moje první odpověď.")).to_be_visible()
        send_button(second).click()
        expect(composer(second).get_by_label("all the same")).to_be_visible()
        expect(composer(second).get_by_label("Text")).to_have_value("Moje druhá odpověď.")
        expect(thread(second).get_by_text("Moje první odpověď.")).to_be_visible()
        assert second.locator("#main :focus").count() == 1
        # Answers that wait at the same time may overtake each other: the first is gone by then.
        wait_until(lambda: len(shop.mails_to(question)) == 1, "the first answer leaves")
        # That it left is news of this ticket: they come, and what was asked is still asked.
        second.bring_to_front()
        expect(thread(second).get_by_text("Waiting to be sent")).to_have_count(0, timeout=30_000)
        composer(second).get_by_label("all the same").check()
        send_button(second).click()
        expect(thread(second).get_by_text("Moje druhá odpověď.")).to_be_visible()
        wait_until(lambda: len(shop.mails_to(question)) == 2, "both answers leave")
        texts = [
            parsed(shop.postfix.content(mail)).get_body(("plain",))
            for mail in shop.mails_to(question)
        ]
        assert [body.get_content().splitlines()[0] for body in texts if body] == [
            "Moje první odpověď.",
            "Moje druhá odpověď.",
        ]


def test_a_text_sent_after_the_session_ended_is_there_after_signing_in(shop: Shop) -> None:
    with shop.opened_closely() as (context, watch):
        watch.expected.extend(["401", "403"])
        page = context.new_page()
        question = shop.open_question(page)
        ticket = page.url
        context.clear_cookies()
        write(page, "Napsáno po odhlášení.")
        send_button(page).click()
        expect(page.get_by_label("Password", exact=True)).to_be_visible()
        sign_in(page)
        page.goto(ticket)
        expect(composer(page).get_by_label("Text")).to_have_value("Napsáno po odhlášení.")
        send_button(page).click()
        expect(thread(page).get_by_text("Napsáno po odhlášení.")).to_be_visible()
        wait_until(lambda: len(shop.mails_to(question)) == 1, "the answer leaves")
