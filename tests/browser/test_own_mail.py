"""A colleague is invited by mail, forgets the password, and comes in again by mail."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desks import PASSWORD, new_address
from tests.browser.mails import parsed
from tests.browser.shop import Shop
from tests.process.desks import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-shop")]


def mailed_link(shop: Shop, address: str, kind: str) -> str:
    """Wait for the mail that holds a link of this kind; returns the link."""

    def look() -> str:
        for mail in shop.postfix.transactions(sender=shop.address):
            if mail.is_settled and address in mail.recipients:
                body = parsed(shop.postfix.content(mail)).get_body(("plain",))
                found = re.search(rf"http://\S+/{kind}/\S+", body.get_content() if body else "")
                if found:
                    return found[0]
        return ""

    return wait_until(look, f"a mail with a link to {kind} comes")


def invite(shop: Shop, address: str) -> None:
    with shop.opened() as context:
        page = context.new_page()
        page.goto("/admin/people/invite")
        page.get_by_label("Name", exact=True).fill("Ivan Petrov")
        page.get_by_label("Mail address").fill(address)
        page.get_by_role("radio", name=re.compile("^Agent")).check(force=True)
        page.get_by_role("button", name="Send the invitation").click()
        expect(page.get_by_text(f"Sent to {address}; it is on its way.")).to_be_visible()


def choose_password(page: Page, link: str, password: str, button: str) -> None:
    page.goto(link)
    page.get_by_label("New password", exact=True).fill(password)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("link", name="Outbox")).to_be_visible()


@pytest.mark.parametrize("scripts", ["with scripts", "without scripts"])
def test_a_colleague_comes_in_by_mail_and_again_after_forgetting(shop: Shop, scripts: str) -> None:
    address = new_address("ivan")
    invite(shop, address)
    options = {"storage_state": None, "java_script_enabled": scripts == "with scripts"}
    with shop.opened_closely(**options) as (context, watch):
        watch.expected.append("404")  # what a link that was used answers
        page = context.new_page()
        choose_password(page, mailed_link(shop, address, "invite"), PASSWORD, "Come in")
        context.clear_cookies()
        page.goto("/sign-in")
        page.get_by_role("link", name="Forgot your password?").click()
        page.get_by_label("Mail address").fill(address)
        page.get_by_role("button", name="Send me a link").click()
        expect(page.get_by_text("If somebody here has this address")).to_be_visible()
        link = mailed_link(shop, address, "reset")
        choose_password(page, link, "eight dry umbrellas", "Set the password and sign in")
        page.goto(link)
        expect(page.get_by_role("heading", name="This link cannot be used")).to_be_visible()
        expect(page.get_by_role("link", name="Get a new one by mail")).to_be_visible()
