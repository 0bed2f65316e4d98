"""The main job from the first start on: a mail comes in, is answered, comes back, is solved."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.desks import SLOW_MS, connect_mailbox, new_address, running_desk, set_up
from tests.browser.mails import File, answer_to, mail, parsed, pdf, png, post
from tests.browser.watching import watched
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

pytestmark = pytest.mark.browser

SUBJECT = "Prasklá konvička z objednávky č. 10432"
INVOICE = pdf("invoice 10432")
GUIDE = pdf("how to return a teapot")
ANSWER = "Здравствуйте, Яна!\n\nЧайник мы заменим бесплатно, инструкция во вложении."
# Longer than any wait for news by IDLE and shorter than the minute between two looks.
BY_IDLE_MS = 30_000


def first_mail(to: str) -> bytes:
    picture = "<p>Konvička dorazila <b>prasklá</b>:</p><img src='cid:pot@customer.test' alt='Pot'>"
    return mail(
        to,
        SUBJECT,
        "Konvička dorazila prasklá.",
        html=f"<html><body>{picture}</body></html>",
        files=[
            File(name="pot.png", kind="image/png", content=png(), content_id="pot@customer.test"),
            File(name="faktura č. 10432.pdf", kind="application/pdf", content=INVOICE),
        ],
    )


def row(page: Page) -> Locator:
    return page.get_by_role("region", name="Tickets").get_by_role(
        "link", name=re.compile(re.escape(SUBJECT))
    )


def composer(page: Page) -> Locator:
    return page.get_by_role("form", name="Answer")


def read_the_mail(page: Page) -> None:
    """Open the ticket: the picture stands in its frame, the PDF comes down as it was sent."""
    row(page).click()
    expect(page.get_by_role("heading", level=1, name=SUBJECT)).to_be_visible()
    frame = page.locator("iframe")
    expect(frame.content_frame.get_by_text("prasklá")).to_be_visible()
    picture = frame.content_frame.locator("img")
    expect(picture).to_have_js_property("naturalWidth", 120)  # once it has come
    with page.expect_download() as download:
        page.get_by_role("link", name="faktura č. 10432.pdf").click()
    assert download.value.suggested_filename == "faktura č. 10432.pdf"
    assert Path(download.value.path()).read_bytes() == INVOICE


def answer_and_undo_once(page: Page) -> None:
    """Send an answer with a file, take it back, and send what came back."""
    composer(page).get_by_label("Text").fill(ANSWER)
    composer(page).get_by_label("Attach files").set_input_files(
        {"name": "návod.pdf", "mimeType": "application/pdf", "buffer": GUIDE}
    )
    composer(page).get_by_role("button", name="Send", exact=True).click()
    toast = page.get_by_role("status").filter(has_text="Reply to Jana Nováková goes out in")
    toast.get_by_role("button", name="Undo").click()
    expect(composer(page).get_by_label("Text")).to_have_value(ANSWER)
    expect(composer(page).get_by_role("list", name="Attached")).to_contain_text("návod.pdf")
    composer(page).get_by_role("button", name="Send", exact=True).click()
    expect(toast).to_be_visible()
    expect(composer(page).get_by_label("Text")).to_have_value("")


def the_one_mail(postfix: Postfix, address: str, received: bytes) -> bytes:
    """Return what left: one mail, to the right person, in the right thread, readable."""
    [sent] = postfix.wait_for(sender=address)
    assert sent.outcomes == {"jana@customer.test": "sent"}
    content = postfix.content(sent)
    message, question = parsed(content), parsed(received)
    assert str(message["From"].addresses[0].addr_spec) == address
    assert [to.addr_spec for to in message["To"].addresses] == ["jana@customer.test"]
    assert message["Subject"].removeprefix("Re: ") == SUBJECT
    assert message["In-Reply-To"] == question["Message-ID"]
    assert question["Message-ID"] in message["References"]
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content_charset() == "utf-8"
    assert body.get_content().replace("\r\n", "\n").startswith(ANSWER)
    [file] = message.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("návod.pdf", GUIDE)
    return content


def test_a_mail_is_answered_once_comes_back_is_solved_and_opens_again(
    browser: Browser,
    dovecot: Dovecot,
    postfix: Postfix,
    tmp_path: Path,
    own_settings: dict[str, str],
) -> None:
    address, received = new_address(), b""
    with (
        running_desk(tmp_path, dovecot, own_settings) as desk,
        watched(browser, desk.address) as context,
    ):
        page = context.new_page()
        set_up(page, desk)
        connect_mailbox(page, dovecot, postfix, address)
        page.evaluate("document.notReloaded = true")
        received = first_mail(address)
        post(postfix, received, address)
        expect(row(page)).to_be_visible(timeout=BY_IDLE_MS)
        assert page.evaluate("document.notReloaded")

        read_the_mail(page)
        answer_and_undo_once(page)
        sent = the_one_mail(postfix, address, received)
        thread = page.get_by_role("region", name="Messages")
        expect(thread.get_by_text("Sent", exact=True)).to_be_visible(timeout=SLOW_MS)

        ticket = page.url.partition("?")[0]
        post(postfix, answer_to(sent, "Děkuji, to mi pomůže."), address)
        expect(thread.get_by_text("Děkuji, to mi pomůže.")).to_be_visible(timeout=SLOW_MS)
        page.locator("summary", has_text="Open").click()
        page.get_by_role("button", name="Solved").click()
        expect(page.locator("summary", has_text="Solved")).to_be_visible()

        page.get_by_role("link", name="All open").click()
        expect(page.get_by_text("Nothing is waiting")).to_be_visible()
        page.evaluate("document.notReloaded = true")
        post(postfix, answer_to(sent, "Ještě jedna otázka."), address)
        expect(row(page)).to_have_count(1, timeout=SLOW_MS)
        assert page.evaluate("document.notReloaded")
        row(page).click()
        expect(thread.get_by_text("Ještě jedna otázka.")).to_be_visible()
        assert page.url.partition("?")[0] == ticket
        expect(page.locator("summary", has_text="Open")).to_be_visible()
        assert len(postfix.transactions(sender=address)) == 1
