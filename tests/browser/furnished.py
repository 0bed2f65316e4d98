"""A desk in which something of everything has happened, so that every page has what to show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.desks import SLOW_MS, begin_connection, new_address
from tests.browser.mails import File, mail, pdf, png, post
from tests.browser.second_factor import confirm_in_dialog
from tests.browser.shop import Shop, composer, press_in_menu, thread
from tests.browser.site_map import crawl
from tests.plugin.authoring import write_plugin
from tests.servers.dovecot import Dovecot

PICTURE = (
    "<p>Takhle přišla: <img src='cid:p@customer.test' alt=''></p><blockquote>Dříve</blockquote>"
)


@dataclass(frozen=True, kw_only=True)
class Furnished:
    """The desk, addresses of its pages by route, and its one-time links."""

    shop: Shop
    pages: dict[str, list[str]]
    links: list[str]


def furnish(shop: Shop, app: Flask, dovecot: Dovecot, folder: Path) -> Furnished:
    """Let mail come, fail and wait; invite somebody; try a mailbox that does not work."""
    with shop.opened() as context:
        page = context.new_page()
        tickets = [_answered_ticket(shop, page), _refused_ticket(shop, page)]
        _loop(shop, page)
        page.goto("/admin")
        page.get_by_role("button", name="Add sample data").click()
        expect(page.get_by_text("A sample shop is here")).to_be_visible(timeout=SLOW_MS)
        links = [_invitation(page), _new_password(page)]
        tests = [_failed_test(page, dovecot)]
        _second_factor_begun(page)
        _banned(page)
        _saved_reply(page)
        _switched_plugin(shop, page)
        starts = [
            "/",
            "/admin",
            "/me/second-factor/set-up",
            "/setup/mailbox",
            "/search?q=tea",
            "/rescue",
            *tickets,
            *tests,
        ]
        pages = crawl(context, app, starts)
        pages["search.search"] += ["/search", "/search?q=zzzzzz"]
        pages["connections.new"].append("/admin/mailboxes/new")
        pages["finding_settings.find"] = ["/admin/find", "/admin/find?q=zzzzzz"]
        pages["errors"] = ["/nowhere", "/t/999999"]
        return Furnished(shop=shop, pages=pages, links=links)


def _switched_plugin(shop: Shop, page: Page) -> None:
    """Leave a plugin that was active, so that there is something to uninstall, and one that is none."""
    dropped = shop.desk.instance / "plugins"
    write_plugin(dropped, "tea")
    write_plugin(dropped, "broken", manifest='colour = "red"')
    page.goto("/admin/plugins/tea")
    for button, said in (("Activate", "tea is active"), ("Deactivate", "tea is inactive")):
        page.get_by_role("button", name=f"{button}: Tea").click()
        said_so = page.get_by_role("status").filter(has_text=said)
        expect(said_so).to_be_visible(timeout=SLOW_MS)


def _answered_ticket(shop: Shop, page: Page) -> str:
    files = [
        File(name="photo.png", kind="image/png", content=png(), content_id="p@customer.test"),
        File(name="a very long name of a file that nobody cut.pdf", kind="application/pdf",
             content=pdf("x")),
    ]  # fmt: skip
    shop.open_question(page, html=PICTURE, files=files)
    composer(page).get_by_label("Note", exact=True).check(force=True)
    composer(page).get_by_label("Text").fill("Ask the carrier.")
    composer(page).get_by_role("button", name="Add note").click()
    expect(thread(page).get_by_text("Ask the carrier.")).to_be_visible()
    press_in_menu(page, "Unassigned", "Assign to me")
    expect(page.locator("#main summary", has_text="Olga Novotná")).to_be_visible()
    return page.url.removeprefix(shop.desk.address.rstrip("/"))


def _refused_ticket(shop: Shop, page: Page) -> str:
    """Answer somebody whose server refuses, so that a failed answer waits for a person."""
    shop.open_question(page)
    page.get_by_text("Recipients and status").click()
    composer(page).get_by_label("To", exact=True).fill("refused@customer.test")
    composer(page).get_by_label("Text").fill("Přijde zítra.")
    composer(page).get_by_role("button", name="Send", exact=True).click()
    expect(thread(page).get_by_role("button", name="Retry")).to_be_visible(timeout=SLOW_MS)
    return page.url.removeprefix(shop.desk.address.rstrip("/"))


def _loop(shop: Shop, page: Page) -> None:
    """Let an automatic mail of the desk's own address come back, which is held."""
    headers = [("Auto-Submitted", "auto-replied")]
    content = mail(shop.address, "Loop", "Hello", sender=shop.address, headers=headers)
    post(shop.postfix, content, shop.address, sender=shop.address)
    for _look in range(SLOW_MS // 1000):
        page.goto("/attention")
        if page.get_by_role("link", name="Look").count():
            return
        page.wait_for_timeout(1000)
    raise AssertionError("the mail that came back is not shown")


def _invitation(page: Page) -> str:
    page.goto("/admin/people/invite")
    page.get_by_label("Name", exact=True).fill("Ivan Petrov")
    page.get_by_label("Mail address").fill(new_address("ivan"))
    page.get_by_role("radio", name=re.compile("^Agent")).check(force=True)
    page.get_by_role("button", name="Send the invitation").click()
    return _link_on(page)


def _new_password(page: Page) -> str:
    page.goto("/admin/people")
    page.get_by_role("link", name="Olga Novotná").click()
    page.get_by_role("button", name="Make a link for a new password").click()
    confirm_in_dialog(page)
    return _link_on(page)


def _second_factor_begun(page: Page) -> None:
    page.goto("/me/second-factor")
    page.get_by_role("button", name="Set it up").click()
    expect(page.locator("#qr")).to_be_visible()


def _banned(page: Page) -> None:
    page.goto("/p/spam/bans/new")
    page.get_by_label("Address or domain").fill("annoying.example")
    page.get_by_label("Why").fill("Writes every Monday, in capital letters")
    page.get_by_role("button", name="Ban", exact=True).click()
    expect(page.get_by_role("row", name=re.compile("annoying.example"))).to_be_visible()


def _saved_reply(page: Page) -> None:
    page.goto("/p/saved_replies/new")
    page.get_by_label("Name", exact=True).fill("Return by post")
    page.get_by_label("Text: English").fill("{{customer.greeting}}\n\nsend it back, please.")
    page.get_by_label("Tags it adds to the ticket").fill("return")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1, name="Return by post")).to_be_visible()


def _link_on(page: Page) -> str:
    text = page.get_by_text(re.compile(r"http://\S+/(invite|reset)/")).first.inner_text()
    return re.sub(r"^http://[^/]+", "", text.strip())


def _failed_test(page: Page, dovecot: Dovecot) -> str:
    page.goto("/admin/mailboxes/new")
    begin_connection(page, new_address("wrong"), "not the password", dovecot, dovecot)
    expect(page.get_by_role("heading", name="Something is wrong")).to_be_visible(timeout=SLOW_MS)
    return re.sub(r"^http://[^/]+", "", page.url)
