"""The promise of the desk: with any broken plugin active, mail comes and goes and pages answer."""

from __future__ import annotations

import html
import json
import re
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import update

from deskcore.models import Mailbox
from deskcore.plugin.deadlines import WITHIN_S
from deskcore.plugin.strikes import SLOW_ALLOWED
from deskcore.services import setup
from deskcore.services.desk_settings import DeskSettings
from deskcore.services.unit import unit_of_work
from tests.broken.test_loading import FAILS_LATER, KILLS, LEFT_OUT, TAKES, install
from tests.broken.visiting import Person
from tests.channels.accounts import an_account, path_of, push
from tests.process.crashing import DeskFolder, connect
from tests.process.desks import Desk, wait_until
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

EMAIL = "eva@example.com"
PASSWORD = "velmi dlouhe heslo"
# A plugin that ends processes is tried alone; all others break the desk together. An import that
# hangs is tried in test_loading.py, where the dog bites sooner.
TOGETHER = tuple(sorted({*LEFT_OUT, *FAILS_LATER}))
ALONE = [(slug,) for slug in sorted(TAKES | KILLS - {"hangs_at_import"})]
# What a plugin has failed at by the time a mail was answered; the others are left out.
SIGNS = {
    "raises_in_hooks": "desk_inbound_verdict",
    "exits_in_hooks": "desk_ticket_panels",
    "wrong_type": "desk_reply_check",
    "raises_when_told": "subscription",
    "dies_in_page_hook": "desk_ticket_panels",
    "dies_in_mail_hook": "desk_inbound_verdict",
    "slow_hook": "2 seconds",
    "leaves_open": "It left a transaction open",
    "poisons_session": "desk_nav_items",
    "fails_on_its_pages": "ZeroDivisionError",
    "template_error": "page template_error.index",
    "huge_panel": "characters; 100000 are the most",
    "changes_decimals": "the decimal context",
    "changes_process": "the working folder, the mask of new files, where modules are sought",
    "floods_log": "1 MB of log",
    "hangs_at_push": "It did not come back within 3 seconds",
    "hangs_on_its_pages": "It hangs: it has all the threads",
    "hangs_when_told": "It hangs: it has all the threads",
    "starts_threads": "It runs 500 threads of its own",
    "holds_transaction": "It held a transaction for more than 5 seconds",
}
MOST_LOG = 4_000_000  # characters, of two processes with two plugins that write
# Pages of plugins that fail, with the plugin's name.
FAILING_PAGES = {
    "/p/fails_on_its_pages/": "Fails on its pages",
    "/p/fails_on_its_pages/?early=1": "Fails on its pages",
    "/p/template_error/": "Template error",
}


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A desk that runs with broken plugins, its mailbox, and its owner at a browser."""

    desk: Desk
    owner: Person
    broken: tuple[str, ...]
    address: str
    customer: str
    hook: str

    def find(self, path: str, text: str) -> str:
        """Open a page until it says *text*, as somebody reloads a page."""

        def look() -> str | None:
            status, page = self.owner.get(path)
            return page if status == 200 and text in html.unescape(page) else None

        return wait_until(look, f"{path} says {text!r}", lambda: self.desk.errors[-3000:])


@pytest.fixture(
    params=[TOGETHER, *ALONE], ids=lambda broken: broken[0] if len(broken) == 1 else "all others"
)
def shop(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    database_url: str,
    dovecot: Dovecot,
    postfix: Postfix,
) -> Iterator[Shop]:
    broken, mark = request.param, uuid.uuid4().hex[:12]
    folder = DeskFolder(instance=tmp_path / "instance", database_url=database_url)
    address = f"broken-{mark}@desk.test"
    hook = _set_up(folder, dovecot, postfix, address)
    for slug in broken:
        install(folder.instance, slug)
    desk = Desk(
        instance=folder.instance,
        environment={
            "DESK_PORT": "0",
            "DESK_DATABASE_URL": database_url,
            "DESK_PLUGINS": json.dumps(["email", *broken]),
        },
    )
    try:
        owner = Person(desk.ready().address)
        assert owner.sign_in(EMAIL, PASSWORD) == 200
        customer = f"customer-{mark}@customer.test"
        yield Shop(
            desk=desk, owner=owner, broken=broken, address=address, customer=customer, hook=hook
        )
        assert desk.stop() == 0
    finally:
        desk.kill()


def _set_up(folder: DeskFolder, dovecot: Dovecot, postfix: Postfix, address: str) -> str:
    """Set the desk up, with its mailbox; returns where a network pushes to."""
    folder.instance.mkdir()
    with folder.opened():
        code = setup.ensure_setup_code()
        assert code
        setup.create_owner(
            setup.check_setup_code(code),
            setup.FirstOwner(name="Eva Nová", email=EMAIL, password=PASSWORD),
            DeskSettings(name="Čajovna", time_zone="Europe/Prague", language="en"),
        )
    connect(folder, dovecot, postfix, address)
    with folder.opened(), unit_of_work() as unit:
        unit.session.execute(update(Mailbox).values(undo_seconds=0))
    with folder.opened():
        return path_of(an_account("hangs_at_push"))


def test_mail_comes_and_goes_pages_answer_and_the_culprit_is_named(
    shop: Shop, dovecot: Dovecot, postfix: Postfix
) -> None:
    if "hangs_when_told" in shop.broken:
        dovecot.mailbox(shop.address).deliver([_mail(shop, f"Cup {n}") for n in range(9)])
        shop.find("/v/open", "Cup 8")
    if "hangs_at_push" in shop.broken:
        _push_much(shop)
    if "hangs_on_its_pages" in shop.broken:
        _ask_much(shop)
    dovecot.mailbox(shop.address).deliver([_mail(shop)])
    inbox = shop.find("/v/open", "Broken teapot")
    ticket = re.search(r'href="(/t/\d+)[^>]*>(?:(?!</a>).)*Broken teapot', inbox, re.DOTALL)
    assert ticket is not None

    shop.find(ticket[1], "It arrived in pieces.")
    if "slow_hook" in shop.broken:
        for _ in range(SLOW_ALLOWED - 2):
            shop.find(ticket[1], "Here I am.")
        shop.find(ticket[1], "This panel could not be shown.")  # paused by this look
    status, _ = shop.owner.post(
        f"{ticket[1]}/reply", mode="reply", body="A new one is on its way.", to=shop.customer
    )
    assert status == 200
    (sent,) = postfix.wait_for(sender=shop.address)
    assert sent.recipients == (shop.customer,)
    assert b"A new one is on its way." in postfix.content(sent)

    for path, name in FAILING_PAGES.items() if "template_error" in shop.broken else ():
        status, page = shop.owner.get(path)
        assert (status, f"The plugin {name} made a mistake" in page) == (500, True)
    assert len(shop.desk.errors) < MOST_LOG
    for slug in shop.broken:
        shop.find(f"/admin/plugins/{slug}", SIGNS.get(slug) or sign_of_absence(slug))


def _push_much(shop: Shop) -> None:
    """Have a network push more than there are threads for it; pages and networks are answered."""
    with ThreadPoolExecutor(20) as pool:
        began = monotonic()
        pushes = [pool.submit(push, shop.desk.address + shop.hook, b"news") for _ in range(20)]
        assert {each.result()[0] for each in pushes} == {503}
        assert shop.owner.get("/v/open")[0] == 200
        assert monotonic() - began < 2.5 * WITHIN_S
        began = monotonic()
        assert push(shop.desk.address + shop.hook, b"news")[0] == 503
        assert monotonic() - began < WITHIN_S / 2


def _ask_much(shop: Shop) -> None:
    """Have people ask for more pages that hang than there are threads; all others are answered."""
    for _ in range(20):
        shop.owner.leave_waiting("/p/hangs_on_its_pages/")
    wait_until(
        lambda: shop.owner.get("/p/hangs_on_its_pages/")[0] == 503,
        "nobody waits for it any more",
        lambda: shop.desk.errors[-3000:],
    )
    for _ in range(20):
        began = monotonic()
        status, page = shop.owner.get("/p/hangs_on_its_pages/quick")
        assert (status, "The plugin Hangs on its pages does not answer" in page) == (503, True)
        assert shop.owner.get("/v/open")[0] == 200
        assert monotonic() - began < 2.0
    shop.owner.hang_up()


def sign_of_absence(slug: str) -> str:
    """Return what is said of a plugin that could not be loaded, or ended a process."""
    return LEFT_OUT[slug][1] if slug in LEFT_OUT else "The process"


def test_every_plugin_that_fails_at_work_has_its_sign_here() -> None:
    assert set(SIGNS) >= FAILS_LATER | TAKES


def _mail(shop: Shop, subject: str = "Broken teapot") -> bytes:
    return (
        f"From: Jana <{shop.customer}>\r\nTo: {shop.address}\r\nSubject: {subject}\r\n"
        f"Message-ID: <{uuid.uuid4().hex}@customer.test>\r\n\r\nIt arrived in pieces.\r\n"
    ).encode()
