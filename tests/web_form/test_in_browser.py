"""Forms in a real browser: on a shop's own site, on a phone, without scripts; and the builder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, FilePayload, FrameLocator, Page, expect

from plugins.web_form import proof
from plugins.web_form.snippets import frame, script
from tests.browser.readable import check
from tests.browser.watching import watched_closely
from tests.web.conftest import Visitor
from tests.web.tea_shop.served import served, signed_in
from tests.web.test_tickets import eva
from tests.web_form.conftest import URL, tickets, work_off
from tests.web_form.foreign import foreign_site
from tests.web_form.forms import change, with_topic
from tests.web_form.test_sending import PHOTO

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
]

WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 720}}
# What Chromium says of a form that is given back: it was provoked.
WRONG = "status of 422"
WORDS = {
    "en": ("Your mail address", "Return", "Send", "Its number is"),
    "ru": ("Ваш адрес почты", "Возврат", "Отправить", "Его номер"),
    "cs": ("Vaše e-mailová adresa", "Vrácení", "Odeslat", "Má číslo"),
}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a browser that is driven fill in a form as fast as it does."""
    monkeypatch.setattr(proof, "SOONEST", timedelta(0))


@contextmanager
def on_a_site(
    browser: Browser, app: Flask, make: Any, *, is_listed: bool = True, **options: Any
) -> Iterator[tuple[Page, Any]]:
    """Open a page of another site that holds what an owner copied, and nothing else allowed."""
    with served(app) as desk, foreign_site(make(desk), desk) as site:
        change(eva(), sites=(site,) if is_listed else ("https://other.example",))
        with watched_closely(browser, site, **PHONE, **options) as (context, watch):
            watch.expected += [f"request to another place: {desk}", WRONG]
            page = context.new_page()
            page.goto("/contact")
            yield page, watch


def fill_in(form: FrameLocator, language: str) -> None:
    mail, returned, send, _receipt = WORDS[language]
    form.get_by_label(returned, exact=True).check()
    form.locator("#f-order_number").fill("A-17")
    form.get_by_label(mail).fill("jana@example.cz")
    form.locator("#f-subject").fill("Broken cup")
    form.locator("#f-message").fill("It came in two.")
    photo = FilePayload(name="cup.png", mimeType="image/png", buffer=PHOTO)
    form.locator("#f-files").set_input_files([photo])
    form.get_by_role("button", name=send, exact=True).click()


@pytest.mark.parametrize("language", ["en", "ru", "cs"])
def test_a_form_on_another_site_with_a_strict_policy_becomes_a_ticket(
    browser: Browser, set_up: Flask, owner: Visitor, mailbox: int, language: str
) -> None:
    with_topic(eva())

    def snippet(desk: str) -> str:
        return script(desk, "contact", f"{desk}{URL}", language=language, title="Contact")

    with on_a_site(browser, set_up, snippet) as (page, _watch):
        place = page.locator("iframe")
        form = place.content_frame
        expect(form.get_by_label(WORDS[language][0])).to_be_visible()
        # A condition that does not hold is not shown; the frame is as high as the form.
        expect(form.locator("#f-order_number")).to_be_hidden()
        before = int(place.get_attribute("height") or 0)
        form.get_by_label(WORDS[language][1], exact=True).check()
        expect(form.locator("#f-order_number")).to_be_visible()
        expect(place).not_to_have_attribute("height", str(before))
        assert not form.locator("body").evaluate(f"() => {WIDE}")
        assert not page.evaluate(WIDE)
        fill_in(form, language)
        expect(form.locator("#receipt")).to_contain_text(WORDS[language][3])
        assert page.context.cookies() == []
    work_off()
    (ticket,) = tickets()
    assert (ticket.has_files, ticket.spam_at, ticket.subject) == (True, None, "Broken cup")


def test_without_scripts_the_frame_on_another_site_does_all_of_it(
    browser: Browser, set_up: Flask, owner: Visitor, mailbox: int
) -> None:
    with_topic(eva())

    def snippet(desk: str) -> str:
        return frame(f"{desk}{URL}", language="cs", title="Contact")

    with on_a_site(browser, set_up, snippet, java_script_enabled=False) as (page, _watch):
        form = page.locator("iframe").content_frame
        expect(form.locator("#f-order_number")).to_be_visible()
        expect(form.get_by_text("Jen pokud „Téma“ je „Vrácení“.")).to_be_visible()
        form.get_by_role("button", name="Odeslat", exact=True).click()
        expect(form.get_by_role("alert")).to_contain_text("Vyberte odpověď: „Téma“.")
        fill_in(form, "cs")
        expect(form.get_by_role("heading", name="Zkontrolujte odpovědi")).to_be_visible()
        form.get_by_role("button", name="Odeslat").click()
        expect(form.locator("#receipt")).to_contain_text("Má číslo")
    work_off()
    assert [ticket.has_files for ticket in tickets()] == [True]


def test_a_site_that_is_not_listed_shows_nothing(
    browser: Browser, set_up: Flask, owner: Visitor, mailbox: int
) -> None:
    def snippet(desk: str) -> str:
        return frame(f"{desk}{URL}", language="en", title="Contact")

    with on_a_site(browser, set_up, snippet, is_listed=False) as (page, watch):
        watch.expected.append("frame-ancestors")
        place = page.locator("iframe")
        expect(place).to_be_visible()
        expect(place.content_frame.get_by_text("Your mail address")).to_have_count(0)
        page.wait_for_function("() => true")
        assert any("frame-ancestors" in fault for fault in watch.faults)


def test_a_phone_at_the_counter_fills_it_in_mends_it_and_follows_it(
    browser: Browser, set_up: Flask, owner: Visitor, mailbox: int
) -> None:
    with_topic(eva())
    with (
        served(set_up) as desk,
        watched_closely(browser, desk, **PHONE, bypass_csp=True) as (context, watch),
    ):
        watch.expected.append(WRONG)
        page = context.new_page()
        page.goto(URL)
        check(page)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator("#summary")).to_be_focused()
        check(page)
        page.get_by_role("link", name="Choose an answer for “Topic”.").click()
        expect(page.locator("#f-topic-1")).to_be_focused()
        # By keyboard alone.
        page.keyboard.press("Space")
        expect(page.locator("#f-order_number")).to_be_visible()
        for typed in ("Jana", "jana@example.cz", "Broken cup", "A-17", "It came in two."):
            page.keyboard.press("Tab")
            page.keyboard.type(typed)
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        expect(page.locator("#send")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("#receipt")).to_contain_text("Its number is")
        check(page)
        work_off()
        page.get_by_role("link", name="Look again").click()
        page.get_by_role("link", name="To my request").click()
        expect(page.get_by_text("It came in two.")).to_be_visible()
        expect(page.get_by_role("button", name="Send", exact=True)).to_be_visible()


def test_the_builder_adds_drags_and_tries(
    browser: Browser, set_up: Flask, owner: Visitor, mailbox: int
) -> None:
    with_topic(eva())
    with signed_in(browser, set_up, bypass_csp=True, expected=(WRONG,)) as context:
        page = context.new_page()
        page.goto("/p/web_form/")
        check(page)
        page.get_by_role("link", name="Contact", exact=True).click()
        preview = page.locator("#preview").content_frame
        expect(preview.get_by_label("Your mail address")).to_be_visible()
        check(page)
        page.locator("#label").fill("Colour")
        page.get_by_role("button", name="Add the field").click()
        expect(preview.get_by_label("Colour")).to_be_visible()
        rows = page.locator(".web-form-row")
        expect(rows.last).to_contain_text("Colour")
        rows.last.drag_to(rows.nth(1))
        expect(rows.nth(1)).to_contain_text("Colour")
        page.get_by_role("button", name="Up: Colour").click()
        expect(rows.first).to_contain_text("Colour")
        preview.get_by_role("button", name="Send", exact=True).click()
        expect(preview.get_by_role("alert")).to_contain_text("Choose an answer for “Topic”.")
        page.get_by_role("link", name="Order number").click()
        page.get_by_label("Shown").select_option(label="Always")
        page.get_by_role("button", name="Save the field").click()
        expect(page.get_by_role("status").filter(has_text="Saved.")).to_be_visible()
