"""A click shows the pictures of a mail: from the desk alone, while the sender sees the desk alone."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from struct import pack

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.extensions import db
from deskcore.services import setup
from deskcore.services.desk_settings import DeskSettings
from tests.browser.desks import OWNER, PASSWORD, sign_in
from tests.browser.readable import problems
from tests.browser.watching import watched
from tests.databases import copy_sqlite
from tests.factories import a_mailbox, a_message, a_ticket
from tests.process.desks import Desk
from tests.servers.web import WebServer, web_server

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-images")]

# How wide the pictures in the newest mail really are, 0 for those that are not there.
WIDTHS = """() => [...[...document.querySelectorAll('iframe.mail-frame')].at(-1)
  .contentDocument.images].map(one => one.naturalWidth).join()"""


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))


ROSE = (
    b"\x89PNG\r\n\x1a\n"
    + _chunk(b"IHDR", pack(">IIBBBBB", 40, 20, 8, 2, 0, 0, 0))
    + _chunk(b"IDAT", zlib.compress((b"\0" + b"\xd0\x40\x60" * 40) * 20))
    + _chunk(b"IEND", b"")
)


@dataclass(kw_only=True)
class Newsletter:
    """A ticket with a mail that shows pictures of a server; every test has one of its own."""

    browser: Browser
    desk: Desk
    server: WebServer
    number: int

    def opened(self, **options: object) -> AbstractContextManager[BrowserContext]:
        """Open a browser; a request to another place than the desk fails the test."""
        return watched(self.browser, self.desk.address, **options)


@pytest.fixture
def newsletter(tmp_path: Path, browser: Browser) -> Iterator[Newsletter]:
    folder, url = tmp_path / "instance", copy_sqlite(tmp_path / "desk.db")
    with web_server() as server:
        server.pages["/rose.png"] = 200, {"Content-Type": "image/png"}, ROSE
        number = _furnished(folder, url, server)
        desk = Desk(
            instance=folder,
            environment={
                "DESK_PORT": "0",
                "DESK_DATABASE_URL": url,
                "DESK_PRIVATE_IMAGE_HOSTS": "true",
            },
        )
        try:
            yield Newsletter(browser=browser, desk=desk.ready(), server=server, number=number)
        finally:
            desk.kill()


def _furnished(folder: Path, url: str, server: WebServer) -> int:
    app = create_app(load_config(instance=folder, database_url=url))
    with app.app_context():
        code = setup.ensure_setup_code()
        assert code
        owner = setup.FirstOwner(name="Olga", email=OWNER, password=PASSWORD)
        settings = DeskSettings(name="Tea", time_zone="Europe/Prague", language="en")
        setup.create_owner(setup.check_setup_code(code), owner, settings)
        number = a_ticket(a_mailbox())
        markup = (
            f'<p>Roses</p><img src="{server.url("/rose.png")}" alt="A rose" width="200">'
            f'<img src="{server.url("/late.png")}" alt="A late rose" width="200">'
            f'<img src="{server.url("/pixel.gif")}" width="1" height="1" alt="">'
        )
        a_message(number, "Roses", html=markup)
        engine = db.engine
    engine.dispose()
    return number


def frame_of(page: Page) -> str:
    return page.locator("iframe.mail-frame").last.get_attribute("src") or ""


def until_shown(page: Page, widths: str) -> None:
    for _look in range(100):
        if page.evaluate(WIDTHS) == widths:
            break
        page.wait_for_timeout(100)
    assert page.evaluate(WIDTHS) == widths


def test_pictures_come_by_a_click_from_the_desk_alone(newsletter: Newsletter) -> None:
    with newsletter.opened() as context:
        page, other = context.new_page(), context.new_page()
        sign_in(page)
        for one in (page, other):
            one.goto(f"/t/{newsletter.number}")
            expect(one.get_by_text("3 remote images are not shown.")).to_be_visible()
        page.locator("iframe.mail-frame").last.content_frame.get_by_text("Roses").wait_for()
        before = frame_of(page)
        assert newsletter.server.connections == 0

        page.get_by_label("Text").fill("An answer that was begun")
        page.get_by_role("button", name="Show images").focus()
        page.keyboard.press("Enter")
        other.get_by_role("button", name="Show images").click()
        for one in (page, other):
            expect(one.get_by_text("1 image could not be loaded")).to_be_visible()
            assert frame_of(one) != before
            until_shown(one, "40,0,0")
        expect(page.get_by_label("Text")).to_have_value("An answer that was begun")
        assert newsletter.server.paths == ["/rose.png", "/late.png"]
        newsletter.server.pages["/late.png"] = 200, {}, ROSE
        page.get_by_role("button", name="Retry").click()
        expect(page.locator(".message-images")).to_be_hidden()
        until_shown(page, "40,40,0")
        page.reload()
        until_shown(page, "40,40,0")
        assert newsletter.server.paths == ["/rose.png", "/late.png", "/late.png"]
        agent = page.evaluate("navigator.userAgent")
        for _path, headers in newsletter.server.asked:
            assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}
            assert headers["user-agent"] != agent


def test_pictures_come_without_javascript(newsletter: Newsletter) -> None:
    with newsletter.opened(java_script_enabled=False) as context:
        page = context.new_page()
        sign_in(page)
        page.goto(f"/t/{newsletter.number}")
        page.get_by_role("button", name="Show images").click()
        for _look in range(40):
            if page.get_by_role("button", name="Retry").count():
                break
            page.wait_for_timeout(250)
            page.get_by_role("link", name="Look again").click()
        expect(page.get_by_text("1 image could not be loaded")).to_be_visible()
        rose = page.locator("iframe.mail-frame").last.content_frame.get_by_alt_text("A rose")
        expect(rose).to_have_attribute("src", re.compile("^/files/[0-9a-f]+$"))


def test_the_line_can_be_read_by_everybody(newsletter: Newsletter) -> None:
    with newsletter.opened(bypass_csp=True) as context:
        page = context.new_page()
        sign_in(page)
        page.goto(f"/t/{newsletter.number}")
        assert problems(page) == []
        page.get_by_role("button", name="Show images").click()
        expect(page.get_by_text("1 image could not be loaded")).to_be_visible()
        assert problems(page) == []
