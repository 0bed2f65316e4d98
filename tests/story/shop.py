"""The shop of the story: a real desk with the whole shelf, and the far sides of its networks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from deskcore.testing import Reply, Request, Simulator, reply_json
from plugins.telegram.tests.bot_api import USERNAME, BotApi
from plugins.telegram.tests.pushes import TOKEN
from tests.browser.desks import SLOW_MS, new_address, running_desk
from tests.browser.mails import parsed
from tests.browser.watching import watched_closely
from tests.process.desks import Desk
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.story.told import Told

SHELF = ("web_form", "telegram", "xmpp", "catalogue", "cross_sell", "reviews", "stock_notes")
PLACES = ("Praha", "Brno")
# By SKU: price, what it fits, and how many there are in each place.
STOCKED = {
    "KET-1": ("1290", "", 0, 3),
    "DES-1": ("149", "KET-1", 5, 0),
    "SEN-2": ("220", "", 0, 0),
}
SHOP_PAGE = "https://shop.example/des-1"


class ReviewSite(Simulator):
    """A site that gives its reviews as JSON."""

    def __init__(self) -> None:
        super().__init__()
        self.reviews: list[dict[str, object]] = []

    def answer(self, request: Request) -> Reply:
        """Give all there are."""
        return reply_json({"reviews": self.reviews})


@dataclass(kw_only=True)
class Story:
    """The shop, everybody who takes part, and how to get a browser for one of them."""

    told: Told
    desk: Desk
    browser: Browser
    dovecot: Dovecot
    postfix: Postfix
    bot: BotApi
    site: ReviewSite
    stack: ExitStack
    address: str = field(default_factory=new_address)
    mailbox: str = "Teahouse"

    def comes(self, *, expected: tuple[str, ...] = (), **options: Any) -> Page:
        """Give somebody a browser of their own; a complaint that is not expected fails the story."""
        context, watch = self.stack.enter_context(
            watched_closely(self.browser, self.desk.address, locale=self.told.locale, **options)
        )
        watch.expected += expected
        return context.new_page()

    def text_to(self, recipient: str) -> str:
        """Return the words of all mails that somebody got of the shop."""
        sent = self.postfix.transactions(sender=self.address)
        own = [each for each in sent if recipient in each.outcomes and each.is_settled]
        bodies = (parsed(self.postfix.content(each)).get_body(("plain",)) for each in own)
        return "\n".join(body.get_content() for body in bodies if body is not None)


@contextmanager
def opened(
    told: Told, browser: Browser, dovecot: Dovecot, postfix: Postfix, folder: Path
) -> Iterator[Story]:
    """Run the desk and everything around it."""
    (folder / "instance").mkdir()
    named = ", ".join(f'"{slug}"' for slug in ("email", "spam", "saved_replies", *SHELF))
    (folder / "instance" / "config.toml").write_text(f"plugins = [{named}]\n")
    with (
        BotApi() as bot,
        ReviewSite() as site,
        running_desk(folder, dovecot) as desk,
        ExitStack() as stack,
    ):
        yield Story(
            told=told,
            desk=desk,
            browser=browser,
            dovecot=dovecot,
            postfix=postfix,
            bot=bot,
            site=site,
            stack=stack,
        )


def connect(page: Page, channel: str, fields: dict[str, str], name: str) -> None:
    """Connect an account of a network, tested against its far side."""
    page.goto(f"/admin/mailboxes/new?channel={channel}")
    page.locator("#more summary").click()
    for key, value in fields.items():
        where = page.locator(f"#{key}")
        if value in {"", "off"}:
            where.uncheck()
        else:
            where.fill(value)
    page.locator("#test").click()
    expect(page.locator("#keep")).to_be_visible(timeout=SLOW_MS)
    expect(page.locator("#anyway")).to_have_count(0)
    page.locator("#name").fill(name)
    page.locator("#keep").click()
    expect(page.locator("#keep")).to_have_count(0)


def connect_mail(page: Page, story: Story) -> None:
    """Connect the shop's mailbox on the real servers."""
    imap, smtp = story.dovecot, story.postfix
    fields = {
        "address": story.address,
        "password": imap.password,
        "imap_host": imap.host,
        "imap_port": str(imap.tls_port),
        "smtp_host": smtp.host,
        "smtp_port": str(smtp.tls_port),
    }
    connect(page, "email", fields, story.mailbox)


def connect_bot(page: Page, story: Story) -> None:
    """Connect the shop's bot."""
    port = str(story.bot.port)
    fields = {
        "address": f"@{USERNAME}",
        "token": TOKEN,
        "server": "127.0.0.1",
        "port": port,
        "encrypted": "off",
    }
    connect(page, "telegram", fields, "Telegram")


def connect_site(page: Page, story: Story) -> None:
    """Connect the site that has reviews of the shop."""
    fields = {
        "address": "Heureka",
        "host": "127.0.0.1",
        "path": "/reviews.json",
        "port": str(story.site.port),
        "encrypted": "off",
    }
    connect(page, "reviews_site", fields, "Heureka")


def card(page: Page, part: str) -> Locator:
    """Return a card beside a ticket, once it has come."""
    where = page.locator(f"#{part}")
    where.scroll_into_view_if_needed(timeout=SLOW_MS)
    return where


def open_ticket(page: Page, who: str) -> None:
    """Open the ticket of a customer from the list, once it has come."""
    page.goto("/v/open")
    # What follows the name is for screen readers.
    page.locator(".row-who", has=page.get_by_text(who, exact=True)).click(timeout=SLOW_MS)
    expect(page.locator("#composer-text")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/t/\d+"))
