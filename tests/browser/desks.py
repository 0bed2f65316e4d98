"""A desk as its owner gets it: default settings, set up by hand in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.process.desks import Desk
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

OWNER = "olga@shop.test"
PASSWORD = "seven wet umbrellas"
SLOW_MS = 40_000  # what a busy machine may take over mail
NO_SETTINGS: Mapping[str, str] = {}


@contextmanager
def running_desk(
    folder: Path, dovecot: Dovecot, settings: Mapping[str, str] = NO_SETTINGS
) -> Iterator[Desk]:
    """Run ``desk run`` on a free port and in *folder*, as it comes but for *settings*.

    The machine trusts the certificates of the tests' servers; the desk is told nothing of them.
    """
    instance = folder / "instance"
    environment = {
        "DESK_PORT": "0",
        "DESK_CACHE_FOLDER": str(instance / "cache"),  # its default, unlike the suite's own
        "SSL_CERT_FILE": dovecot.ca_file,
        **settings,
    }
    desk = Desk(instance=instance, environment=environment, is_installed=True)
    try:
        yield desk.ready()
    finally:
        desk.kill()


def new_address(name: str = "support") -> str:
    """Make an address nobody else in this run uses."""
    return f"{name}-{uuid4().hex[:10]}@shop.test"


def set_up(page: Page, desk: Desk) -> None:
    """Go through the wizard with the printed code, up to the choice of a mailbox."""
    code = next(line.split()[-1] for line in desk.lines if "Set-up code:" in line)
    assert re.fullmatch(r"(\w{5}-){4}\w{5}", code)
    page.goto(desk.address)
    page.get_by_label("Set-up code").fill(code)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="This server will do")).to_be_visible()
    page.get_by_role("link", name="Continue").click()
    page.get_by_label("Your name").fill("Olga Novotná")
    page.get_by_label("Your mail address").fill(OWNER)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Name of your shop").fill("Tea & Teapots")
    page.get_by_role("button", name="Create the desk").click()
    expect(page.get_by_role("heading", name="Connect a mailbox")).to_be_visible()


def connect_mailbox(page: Page, dovecot: Dovecot, postfix: Postfix, address: str) -> None:
    """Connect *address* from the wizard's choice: servers by hand, TLS, all else as offered."""
    page.get_by_role("link", name="Connect a mailbox").click()
    begin_connection(page, address, dovecot.password, dovecot, postfix)
    works = page.get_by_role("heading", name="The mailbox works")
    expect(works).to_be_visible(timeout=SLOW_MS)
    page.get_by_role("button", name="Connect this mailbox").click()
    expect(page.get_by_text("Connected. New mail comes in from now on.")).to_be_visible()


def begin_connection(
    page: Page, address: str, password: str, imap: Dovecot, smtp: Dovecot | Postfix
) -> None:
    """Fill in the form of a connection and begin its test."""
    page.get_by_label("Mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_text("Servers and details").click()
    page.get_by_label("IMAP server").fill(imap.host)
    page.get_by_label("IMAP port").fill(str(imap.tls_port))
    page.get_by_label("SMTP server").fill(smtp.host)
    page.get_by_label("SMTP port").fill(str(smtp.tls_port))
    page.get_by_role("button", name="Test the connection").click()


def sign_in(page: Page, address: str = OWNER, password: str = PASSWORD) -> None:
    """Sign in by the form."""
    page.goto("/sign-in")
    page.get_by_label("Mail address").fill(address)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/(v/\w+)?$"))
