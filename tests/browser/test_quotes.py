"""Answers of mail programs show what is new; the quote opens by keys, without any script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from deskcore.domain import html
from tests.browser.readable import problems
from tests.browser.shop import Shop
from tests.email.clients import GMAIL, OUTLOOK_DESKTOP, Answer

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-shop")]

FOCUSED = "frame => frame.contentDocument.activeElement.tagName"
OLD = "Please send us the number of your order."


def open_answer(shop: Shop, page: Page, answer: Answer, markup: str = "") -> None:
    """Let a customer answer a mail that came from elsewhere, and open the ticket."""
    shop.open_question(
        page,
        answer.plain,
        subject=answer.subject,
        html=markup or answer.html,
        headers=[("In-Reply-To", "<1@elsewhere.test>"), ("References", "<1@elsewhere.test>")],
    )


def mail_frame(page: Page) -> tuple[Locator, FrameLocator]:
    frame = page.locator("iframe.mail-frame")
    return frame, frame.content_frame


def height(frame: Locator) -> float:
    box = frame.bounding_box()
    assert box is not None
    return box["height"]


def wait_until(page: Page, is_so: Callable[[], bool]) -> None:
    for _look in range(100):
        if is_so():
            return
        page.wait_for_timeout(100)
    assert is_so()


@pytest.mark.parametrize("answer", [OUTLOOK_DESKTOP, GMAIL], ids=lambda answer: answer.client)
def test_an_answer_shows_only_its_new_words_and_opens_by_keys(shop: Shop, answer: Answer) -> None:
    with shop.opened() as context:
        page = context.new_page()
        open_answer(shop, page, answer)
        frame, body = mail_frame(page)
        old = body.get_by_text(OLD)
        expect(body.get_by_text("10432")).to_be_visible()
        expect(old).to_be_hidden()
        expect(page.get_by_role("region", name="Tickets").get_by_text(OLD)).to_have_count(0)
        wait_until(page, lambda: height(frame) < 383)
        closed = height(frame)
        frame.focus()
        expect(body.locator("summary")).to_have_text("Show quoted text")
        for _element in range(20):
            if frame.evaluate(FOCUSED) == "SUMMARY":
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(old).to_be_visible()
        wait_until(page, lambda: height(frame) > closed + 100)
        assert (
            frame.evaluate("f => f.contentDocument.documentElement.scrollHeight - f.clientHeight")
            <= 0
        )
        page.keyboard.press("Space")
        expect(old).to_be_hidden()
        wait_until(page, lambda: height(frame) == closed)


def test_paper_shows_the_quote_too(shop: Shop) -> None:
    with shop.opened_closely() as (context, watch):
        watch.expected.append("/favicon.ico")
        page = context.new_page()
        open_answer(shop, page, OUTLOOK_DESKTOP)
        frame, body = mail_frame(page)
        wait_until(page, lambda: height(frame) < 383)
        closed = height(frame)
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        expect(body.get_by_text(OLD)).to_be_visible()
        assert height(frame) > closed + 100
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        expect(body.get_by_text(OLD)).to_be_hidden()
        page.goto(frame.get_attribute("src") or "")
        expect(page.get_by_text(OLD)).to_be_hidden()
        page.emulate_media(media="print")
        assert page.get_by_text(OLD).evaluate("words => words.checkVisibility()")


def test_a_mail_neither_imitates_nor_covers_the_fold(shop: Shop) -> None:
    bait = (
        "<details open ontoggle=alert(1)><summary>Show quoted text</summary>Bait</details></div>"
        "</details></body><style>details,summary{display:none!important}</style>"
        "<div style='position:fixed;inset:0;z-index:99;background:#f00;margin-bottom:-300px;"
        "height:400px'>Cover</div>"
    )
    markup = OUTLOOK_DESKTOP.html.replace("<b>Ann Customer</b>", f"<b>Ann Customer</b>{bait}")
    with shop.opened() as context:
        page = context.new_page()
        open_answer(shop, page, OUTLOOK_DESKTOP, markup)
        _frame, body = mail_frame(page)
        expect(body.locator("details")).to_have_count(1)
        expect(body.locator("[class], [id]")).to_have_count(0)
        body.locator("summary").click()
        expect(body.get_by_text(OLD)).to_be_visible()
        ticket = page.url
    with shop.opened(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(ticket)
        _frame, body = mail_frame(page)
        expect(body.get_by_text(OLD)).to_be_hidden()
        body.locator("summary").click()
        expect(body.get_by_text(OLD)).to_be_visible()


def test_the_fold_can_be_read_by_everybody(shop: Shop) -> None:
    fold = html.folded("<p>Words</p>", label="Show quoted text", lang="en")
    with shop.browser.new_context() as context:
        page = context.new_page()
        page.set_content(html.document(f"<p>Hello</p>{fold}"))
        page.locator("summary").click()
        # The document is a stranger's: its language is unknown, and its frame gives it a title.
        found = [one for one in problems(page) if "<details" in one or "<summary" in one]
    assert found == []
