"""The desk with JavaScript off: everything an agent does works with links and forms."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desks import PASSWORD, sign_in
from tests.browser.mails import parsed, pdf
from tests.browser.second_factor import accept, give_password, invited, scan
from tests.browser.shop import Shop, composer, press_in_menu, row_of, thread
from tests.process.desks import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-shop")]

TERMS = pdf("terms")


def send(page: Page, text: str) -> None:
    composer(page).get_by_label("Text").fill(text)
    composer(page).get_by_label("Attach files").set_input_files(
        {"name": "terms.pdf", "mimeType": "application/pdf", "buffer": TERMS}
    )
    composer(page).get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="Reply to Customer")).to_be_visible()


def test_an_answer_is_taken_back_in_the_outbox_and_sent_once(shop: Shop) -> None:
    with shop.opened(java_script_enabled=False) as context:
        page = context.new_page()
        question = shop.open_question(page)
        send(page, "Zítra ráno.")
        page.get_by_role("link", name="Outbox").click()
        waiting = page.get_by_role("table", name="Waiting")
        waiting.get_by_role("row", name=question.subject).get_by_role("button", name="Undo").click()
        heading = page.get_by_role("heading", level=1, name=question.subject, exact=True)
        expect(heading).to_be_visible()
        expect(composer(page).get_by_label("Text")).to_have_value("Zítra ráno.")
        expect(composer(page).get_by_role("list", name="Attached")).to_contain_text("terms.pdf")
        composer(page).get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="Reply to Customer")).to_be_visible()
        wait_until(lambda: shop.mails_to(question), "the answer leaves")
        sent = page.get_by_role("table", name="Sent in the last 7 days")

        def is_listed() -> bool:  # the mail server had it a moment before the desk wrote that down
            page.goto("/outbox")
            return sent.get_by_role("row", name=question.subject).is_visible()

        wait_until(is_listed, "the answer is listed as sent")
        [mail] = shop.mails_to(question)
        [file] = parsed(shop.postfix.content(mail)).iter_attachments()
        assert file.get_content() == TERMS


def test_a_ticket_is_noted_assigned_tagged_and_solved(shop: Shop) -> None:
    with shop.opened(java_script_enabled=False) as context:
        page = context.new_page()
        question = shop.open_question(page)
        composer(page).get_by_label("Note", exact=True).check()
        composer(page).get_by_label("Text").fill("Zavolat dopravci.")
        composer(page).get_by_role("button", name="Add note").click()
        note = thread(page).get_by_role("article").filter(has_text="Zavolat dopravci.")
        expect(note).to_contain_text("internal note")
        press_in_menu(page, "Unassigned", "Assign to me")
        expect(page.locator("#main summary", has_text="Olga Novotná")).to_be_visible()
        page.locator("#ticket-tags summary").click()
        page.get_by_role("textbox", name="Tags").fill("doprava, spěchá")
        page.get_by_role("button", name="Add", exact=True).click()
        expect(page.get_by_role("button", name="Remove tag spěchá")).to_be_visible()
        press_in_menu(page, "Open", "Solved")
        expect(page.locator("#main summary", has_text="Solved")).to_be_visible()
        page.get_by_role("link", name="Solved", exact=True).click()
        expect(row_of(page, question.subject)).to_be_visible()
        page.get_by_role("link", name="All open").click()
        expect(row_of(page, question.subject)).to_have_count(0)
        assert shop.mails_to(question) == []


def test_two_factors_let_a_colleague_in(shop: Shop) -> None:
    with shop.opened(java_script_enabled=False) as context:
        address, link = invited(context.new_page(), "Agent")
    with shop.opened_closely(java_script_enabled=False, storage_state=None) as (context, watch):
        watch.expected.append("422")
        page = context.new_page()
        accept(page, link)
        page.goto("/me/second-factor")
        page.get_by_role("button", name="Set it up").click()
        page.get_by_label("Your own password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        codes = scan(page)
        with page.expect_download() as download:
            page.get_by_role("link", name="Download").click()
        assert download.value.path().read_text().split() == codes
    with shop.opened(java_script_enabled=False, storage_state=None) as context:
        page = context.new_page()
        give_password(page, address)
        page.get_by_label("Code").fill(codes[0])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="All open").click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_ticket_is_found_by_words_after_signing_in(shop: Shop) -> None:
    with shop.opened(java_script_enabled=False) as context:
        question = shop.open_question(context.new_page(), "Máte i žlutého slona?")
    with shop.opened(java_script_enabled=False, storage_state=None) as context:
        page = context.new_page()
        sign_in(page)
        page.get_by_role("link", name="Search").first.click()
        page.get_by_role("searchbox").fill("zluteho slona")
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_role("link", name=question.subject)).to_be_visible()
