"""Coming in by two factors, as colleagues do it in the browser."""

from __future__ import annotations

import re

import pyotp
from playwright.sync_api import Page, expect

from tests.browser.desks import PASSWORD, new_address


def invited(page: Page, role: str) -> tuple[str, str]:
    """Let the owner on *page* invite somebody; returns address and link."""
    address = new_address("colleague")
    page.goto("/admin/people/invite")
    page.get_by_label("Name", exact=True).fill("Věra Malá")
    page.get_by_label("Mail address").fill(address)
    page.get_by_role("radio", name=re.compile(f"^{role}")).check(force=True)
    page.get_by_role("button", name="Send the invitation").click()
    link = page.get_by_text(re.compile(r"http://\S+/invite/")).first.inner_text()
    return address, re.sub(r"^http://[^/]+", "", link.strip())


def accept(page: Page, link: str) -> None:
    """Complete an invited account."""
    page.goto(link)
    page.locator("#password").fill(PASSWORD)
    page.locator("#accept").click()


def give_password(page: Page, address: str) -> None:
    """Show the password, in whichever language the page is."""
    page.goto("/sign-in")
    page.locator("#email").fill(address)
    page.locator("#password").fill(PASSWORD)
    page.locator("#sign-in").click()


def confirm_in_dialog(page: Page) -> None:
    """Answer the dialog that asks for one's own password."""
    expect(page.locator("#dialog-password")).to_be_focused()
    page.locator("#dialog-password").fill(PASSWORD)
    page.locator("#dialog-ok").click()


def scan(page: Page) -> list[str]:
    """Let a phone take the seed that is shown, and turn it on; returns the recovery codes."""
    phone = pyotp.TOTP(page.locator("#key-text").inner_text().replace(" ", ""))
    page.locator("#code").fill(phone.now())
    page.locator("#turn-on").click()
    return page.locator("#codes").inner_text().split()


def compel(page: Page, role: str) -> None:
    """Let the owner on *page* make the second factor compulsory for a role."""
    page.goto("/admin/settings")
    page.get_by_role("checkbox", name=role).check(force=True)
    is_asked = page.locator("form[data-asks-password]").count() > 0
    page.get_by_role("button", name="Save who needs it").click()
    if is_asked:
        confirm_in_dialog(page)
    expect(page.get_by_text("Who needs a second factor now sets it up")).to_be_visible()
