"""A network is connected in Chromium, by whoever has no idea of webhooks: every page readable."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desks import SLOW_MS, running_desk, set_up
from tests.browser.readable import problems
from tests.channels import accounts
from tests.channels.accounts import SECRET, lines, push, said
from tests.servers.dovecot import Dovecot

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_network_is_connected_pushes_and_its_conversation_is_read(
    browser: Browser, dovecot: Dovecot, tmp_path: Path
) -> None:
    accounts.install(tmp_path / "instance")
    with (
        running_desk(tmp_path, dovecot) as desk,
        browser.new_context(
            locale="en-GB",
            bypass_csp=True,
            base_url=desk.address,
            permissions=["clipboard-read", "clipboard-write"],
        ) as context,
    ):
        page = context.new_page()
        set_up(page, desk)
        page.goto("/admin/mailboxes/new")
        page.get_by_role("link", name="Chat", exact=True).click()
        assert problems(page) == []
        page.get_by_label("Account").fill("My shop")
        page.get_by_label("Signing secret", exact=True).fill(SECRET)
        page.get_by_role("button", name="Test the connection").click()
        works = page.get_by_role("heading", name="The mailbox works")
        expect(works).to_be_visible(timeout=SLOW_MS)
        page.get_by_label("Name of the mailbox").fill("Chat")
        page.get_by_role("button", name="Connect this mailbox").click()
        expect(page.get_by_text("Connected. New messages come in from now on.")).to_be_visible()
        assert problems(page) == []
        page.get_by_role("button", name="Copy").click()
        hook = page.evaluate("navigator.clipboard.readText()")
        assert hook == page.locator(".copy code").text_content()

        change = {"kind": "edit", "target": "1", "content": "Where is my tea?"}
        liked = {"kind": "reaction", "target": "1", "content": "👍", "from": "jana", "name": "Jana"}
        body = lines(said("Were is my tea?", file="gone"), change, liked)
        assert push(hook, body)[0] == 202
        page.goto("/v/open")
        page.get_by_role("link", name="Jana").click(timeout=SLOW_MS)
        expect(page.get_by_text("does not keep this file")).to_be_visible(timeout=SLOW_MS)
        page.get_by_text("Edited: show what it said before").click()
        expect(page.get_by_role("heading", name="Were is my tea?")).to_be_visible()
        assert problems(page) == []
        page.set_viewport_size({"width": 360, "height": 700})
        assert problems(page) == []
