"""A mailbox with a past is connected: nobody gets mail, nothing changes, only what is new is open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from deskcore.clock import now
from tests.browser.desks import SLOW_MS, connect_mailbox, new_address, running_desk, set_up
from tests.browser.mails import mail, post
from tests.browser.watching import watched
from tests.servers.dovecot import Dovecot
from tests.servers.maildir import StoredMail
from tests.servers.postfix import Postfix

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(400),
]

MAILS = 5000
DAYS = 400
SEEN = frozenset({"\\Seen"})
NEWS = "List-Id: Offers <offers.shop.test>\r\nPrecedence: bulk\r\n"
AWAY = "Auto-Submitted: auto-replied\r\nPrecedence: auto_reply\r\n"
REPORT = (
    "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n'
)
REPORT_BODY = (
    "--b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n"
    "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.far.test\r\n\r\n"
    "Final-Recipient: rfc822; nobody@far.test\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
)
KINDS = [
    ("Question", "", "Kdy to přijde?\r\n"),
    ("Offer", NEWS, "Only today: cups.\r\n"),
    ("Away", AWAY, "I am on holiday.\r\n"),
    ("Undelivered", REPORT, REPORT_BODY),
]


def writers(address: str) -> str:
    """Return the domain of everybody who wrote to *address*, apart from all other tests'."""
    return f"@{address.partition('@')[0]}.customer.test"


def past(address: str) -> Iterator[StoredMail]:
    """Make what lies in the mailbox: oldest first, every second mail read, of four kinds in turn.

    Kind and read state differ in rhythm, so that each kind is there read and unread.
    """
    for number in range(MAILS):
        at = now() - timedelta(days=DAYS) * ((MAILS - number) / MAILS) - timedelta(minutes=5)
        word, headers, body = KINDS[number // 2 % len(KINDS)]
        content = (
            f"From: Person {number} <person-{number}{writers(address)}>\r\nTo: {address}\r\n"
            f"Subject: {word} {number}\r\nMessage-ID: <{number}.{address}>\r\n"
            f"Date: {format_datetime(at)}\r\n{headers}\r\n{body}"
        )
        flags = SEEN if number % 2 else frozenset()
        yield StoredMail(content=content.encode(), flags=flags, received_at=at)


def open_tickets(page: Page) -> list[str]:
    """Read every row of "All open" through its pages."""
    page.goto("/v/open")
    subjects: list[str] = []
    while True:
        subjects += (
            page.get_by_role("list", name="All open").locator(".row-subject").all_inner_texts()
        )
        following = page.get_by_role("link", name="Next", exact=True)
        if not following.count():
            return subjects
        page.goto(following.get_attribute("href") or "")


def test_connecting_an_old_mailbox_opens_only_what_is_unread_and_recent(
    browser: Browser,
    dovecot: Dovecot,
    postfix: Postfix,
    tmp_path: Path,
    own_settings: dict[str, str],
) -> None:
    address = new_address("old")
    mailbox = dovecot.mailbox(address)
    stored = list(past(address))
    mailbox.deliver(stored)
    flags = mailbox.flags()
    limit = now() - timedelta(days=14)
    recent = sum(not mail.flags and mail.received_at > limit for mail in stored)
    with (
        running_desk(tmp_path, dovecot, own_settings) as desk,
        watched(browser, desk.address) as context,
    ):
        page = context.new_page()
        set_up(page, desk)
        connect_mailbox(page, dovecot, postfix, address)
        page.goto("/v/open?sort=newest")
        page.evaluate("document.notReloaded = true")
        post(postfix, mail(address, "The first new one", "Dobrý den"), address)
        newest = page.get_by_role("list", name="All open").get_by_role(
            "link", name=re.compile("The first new one")
        )
        expect(newest).to_be_visible(timeout=2 * SLOW_MS)
        assert page.evaluate("document.notReloaded")
        assert recent > 50
        count = page.get_by_role("link", name=re.compile("^All open"))
        expect(count).to_have_text(re.compile(rf"\b{recent + 1}$"), timeout=SLOW_MS)
        subjects = open_tickets(page)
        assert len(subjects) == recent + 1
        assert len(set(subjects)) == recent + 1
        assert postfix.transactions(sender=address) == []
        reached = {to for each in postfix.transactions() for to in each.recipients}
        assert [to for to in reached if to.endswith(writers(address))] == []
        left = mailbox.flags()
        assert {name: left.get(name) for name in flags} == flags
        assert len(left) == MAILS + 1
