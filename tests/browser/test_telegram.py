"""A shop's bot in Chromium, from the token to an answer in the customer's chat."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from plugins.telegram.tests.bot_api import ANN, USERNAME, BotApi
from plugins.telegram.tests.pushes import TOKEN
from tests.browser.desks import SLOW_MS, running_desk, set_up
from tests.browser.readable import problems
from tests.browser.shop import composer
from tests.process.crashing import eventually
from tests.servers.dovecot import Dovecot

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_bot_is_connected_and_its_customer_is_answered(
    browser: Browser, dovecot: Dovecot, tmp_path: Path
) -> None:
    (tmp_path / "instance").mkdir()
    (tmp_path / "instance" / "config.toml").write_text('plugins = ["email", "spam", "telegram"]\n')
    with (
        BotApi() as bot,
        running_desk(tmp_path, dovecot) as desk,
        browser.new_context(locale="en-GB", bypass_csp=True, base_url=desk.address) as context,
    ):
        page = context.new_page()
        set_up(page, desk)
        page.goto("/admin/mailboxes/new?channel=telegram")
        page.set_viewport_size({"width": 360, "height": 700})
        page.locator("#more summary").click()
        assert problems(page) == []
        page.get_by_label("Account").fill(f"@{USERNAME}")
        page.get_by_label("Bot token", exact=True).fill(TOKEN)
        page.get_by_label("Server of the Bot API").fill("127.0.0.1")
        page.get_by_label("Port").fill(str(bot.port))
        page.get_by_label("Use https").uncheck()
        page.set_viewport_size({"width": 1280, "height": 800})
        page.get_by_role("button", name="Test the connection").click()
        expect(page.get_by_role("heading", name="The mailbox works")).to_be_visible(timeout=SLOW_MS)
        expect(page.get_by_text("This is the bot “Tea Shop”, @tea_shop_bot.")).to_be_visible()
        assert problems(page) == []
        page.get_by_label("Name of the mailbox").fill("Bot")
        page.get_by_role("button", name="Connect this mailbox").click()
        expect(page.get_by_text("Connected. New messages come in from now on.")).to_be_visible()

        size = {"file_id": "tin", "file_unique_id": "u", "width": 1, "height": 1}
        bot.files["documents/tin"] = b"\xff\xd8\xff\xe0 a broken tin"
        entities = [{"type": "bold", "offset": 8, "length": 2}]
        bot.say("👩🏽‍💻 Is it in again?", entities=entities)
        bot.say("", photo=[size], media_group_id="9", caption="Both came broken")
        bot.say("", photo=[size], media_group_id="9")
        page.goto("/v/open")
        page.get_by_role("link", name="Ann").click(timeout=SLOW_MS)
        expect(page.get_by_text("Both came broken")).to_be_visible(timeout=SLOW_MS)
        composer(page).get_by_label("Text").fill("It is. Sorry!")
        assert problems(page) == []
        composer(page).get_by_role("button", name="Send", exact=True).click()
        assert eventually(lambda: bot.told(ANN) == ["It is. Sorry!"])
        page.set_viewport_size({"width": 360, "height": 700})
        assert problems(page) == []
