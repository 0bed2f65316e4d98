"""One set-up desk with a mailbox, shared by the tests that only need tickets in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from email.headerregistry import Address
from itertools import count
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.desks import (
    NO_SETTINGS,
    SLOW_MS,
    connect_mailbox,
    new_address,
    running_desk,
    set_up,
)
from tests.browser.mails import mail, post
from tests.browser.watching import Watch, watched, watched_closely
from tests.process.desks import Desk
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix, Transaction

_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class Question:
    """A mail of a customer who wrote nothing else."""

    subject: str
    customer: str


@dataclass(frozen=True, kw_only=True)
class Shop:
    """The desk, its mailbox and its owner's signed-in browser."""

    desk: Desk
    browser: Browser
    postfix: Postfix
    address: str
    signed_in: Path

    def opened(self, **options: Any) -> AbstractContextManager[BrowserContext]:
        """Open the owner's browser; any complaint of it fails the test."""
        return watched(
            self.browser, self.desk.address, **{"storage_state": self.signed_in, **options}
        )

    def opened_closely(
        self, **options: Any
    ) -> AbstractContextManager[tuple[BrowserContext, Watch]]:
        """Open the owner's browser with its watch, for tests that provoke complaints."""
        return watched_closely(
            self.browser, self.desk.address, **{"storage_state": self.signed_in, **options}
        )

    def asked(
        self,
        text: str = "Kdy to přijde?",
        *,
        subject: str = "Dotaz",
        name: str = "Customer",
        **parts: Any,
    ) -> Question:
        """Let a new customer write a mail; a number makes subject and name their own."""
        number = next(_numbers)
        local, _, _ = self.address.partition("@")
        question = Question(
            subject=f"{subject} {number}", customer=f"customer-{number}-{local}@customer.test"
        )
        sender = Address(display_name=f"{name} {number}", addr_spec=question.customer)
        content = mail(self.address, question.subject, text, sender=str(sender), **parts)
        post(self.postfix, content, self.address, sender=question.customer)
        return question

    def open_question(self, page: Page, *text: str, **parts: Any) -> Question:
        """Let a new customer write a mail and open its ticket on *page*."""
        question = self.asked(*text, **parts)
        self.wait_in_list(page, question.subject).click()
        heading = page.get_by_role("heading", level=1, name=question.subject, exact=True)
        expect(heading).to_be_visible()
        return question

    def mails_to(self, question: Question) -> list[Transaction]:
        """Return what the desk has sent to the customer, by the server's log."""
        sent = self.postfix.transactions(sender=self.address)
        return [each for each in sent if question.customer in each.recipients]

    def wait_in_list(self, page: Page, subject: str) -> Locator:
        """Look at all open tickets until *subject* is among them; works without scripts."""
        row = row_of(page, subject)
        for _look in range(SLOW_MS // 1000):
            page.goto("/v/open?sort=newest")
            if row.count():
                break
            page.wait_for_timeout(1000)
        expect(row).to_be_visible()
        return row


def row_of(page: Page, subject: str) -> Locator:
    """Find a ticket in the list beside the page."""
    # The link's words end with the subject; "Question 1" must not find "Question 12".
    ends_so = re.compile(re.escape(subject).replace("/", "\\/") + r"\s*$")
    links = page.get_by_role("region", name="Tickets").get_by_role("link")
    return links.filter(has_text=ends_so)


def composer(page: Page) -> Locator:
    """Find the form for answers and notes."""
    return page.get_by_role("form", name="Answer")


def thread(page: Page) -> Locator:
    """Find the messages of the ticket."""
    return page.get_by_role("region", name="Messages")


def press_in_menu(page: Page, menu: str, item: str) -> None:
    """Open a menu of the ticket by the word it shows, and press one of its lines."""
    page.locator("#main summary", has_text=menu).click()
    page.locator("#main").get_by_role("button", name=item, exact=True).click()


@contextmanager
def opened_shop(
    folder: Path,
    browser: Browser,
    dovecot: Dovecot,
    postfix: Postfix,
    settings: Mapping[str, str] = NO_SETTINGS,
) -> Iterator[Shop]:
    """Start a desk and set it up in the browser."""
    address, signed_in = new_address(), folder / "signed-in.json"
    with running_desk(folder, dovecot, settings) as desk:
        with watched(browser, desk.address) as context:
            page = context.new_page()
            set_up(page, desk)
            connect_mailbox(page, dovecot, postfix, address)
            context.storage_state(path=signed_in)
        yield Shop(
            desk=desk, browser=browser, postfix=postfix, address=address, signed_in=signed_in
        )
