"""A desk to which every payload has come by mail, and a browser that looks at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, Request
from sqlalchemy import select

from deskcore import clock
from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.domain import remote_images
from deskcore.domain.html import image_key
from deskcore.domain.messages import InboundFile
from deskcore.extensions import db
from deskcore.models import Message, Ticket
from deskcore.plugin.channel import RawItem
from deskcore.services import files, inbound, setup
from deskcore.services.desk_settings import DeskSettings
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.browser.desks import OWNER, PASSWORD, sign_in
from tests.browser.watching import watched_closely
from tests.hostile import hostile_mail
from tests.hostile.furnished import account_of
from tests.hostile.payloads import Payload
from tests.hostile.range import Range
from tests.process.desks import Desk

ADDRESS = "help@shop.test"
# Attributes of the desk's pages that only hold words.
WORDS = """() => [...document.querySelectorAll('*')].flatMap(one => one.getAttributeNames()
  .filter(name => !['title', 'value', 'aria-label', 'placeholder', 'content', 'alt'].includes(name))
  .map(name => `${one.tagName} ${name}=${one.getAttribute(name)}`))
  .filter(text => /\\/hit\\/|__hit/.test(text))"""
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


@dataclass(kw_only=True)
class Attacked:
    """The running desk; messages and tickets by the name of their payload or technique.

    Of every second message the remote pictures are ``loaded``, as after a click.
    """

    desk: Desk
    messages: dict[str, int]
    tickets: dict[str, int]
    bodies: dict[str, str] = field(default_factory=dict)
    loaded: int = 0

    @contextmanager
    def opened(self, browser: Browser, range_: Range) -> Iterator[Page]:
        """Open the owner's browser; whatever a payload does is noted on the range."""
        with opened(self.desk, browser, range_) as page:
            yield page


@contextmanager
def opened(desk: Desk, browser: Browser, range_: Range) -> Iterator[Page]:
    """Open the owner's browser on a desk; whatever a payload does is noted on the range."""
    with watched_closely(browser, desk.address) as (context, _watch):
        _listen(context, range_)
        page = context.new_page()
        sign_in(page)
        yield page


def only_words(page: Page) -> None:
    """Nothing of a payload has become an element or an attribute that acts."""
    assert page.evaluate(WORDS) == []
    assert page.locator("script:not([src]), base, object, embed, marquee, math, style").count() == 0


def _listen(context: BrowserContext, range_: Range) -> None:
    def asked(request: Request) -> None:
        if "/hit/" in request.url:
            range_.hit(request.url.rpartition("/hit/")[2], "asked")

    context.expose_function("__hit", lambda name: range_.hit(str(name), "ran"))
    context.on("request", asked)
    range_.listen(context)


def set_up() -> None:
    """Give the desk its owner."""
    code = setup.ensure_setup_code()
    assert code
    owner = setup.FirstOwner(name="Olga", email=OWNER, password=PASSWORD)
    settings = DeskSettings(name="Tea", time_zone="Europe/Prague", language="en")
    setup.create_owner(setup.check_setup_code(code), owner, settings)


def take_in(folder: Path, url: str, payloads: list[Payload], outside: str) -> Attacked:
    """Let all mails in through parser and filing, then start a desk on what is stored."""
    app = create_app(load_config(instance=folder, database_url=url))
    with app.app_context():
        set_up()
        account_id = account_of(factories.a_mailbox("Support", address=ADDRESS))
        mails = {one.id: hostile_mail.of_payload(one, ADDRESS, outside) for one in payloads}
        for number, (name, group) in enumerate(by_technique(payloads).items()):
            mails[f"t{number:03}x"] = hostile_mail.in_words(
                f"t{number:03}x", group, ADDRESS, outside
            )
            del name
        items = [
            RawItem(external_id=name, cursor=None, received_at=clock.now(), content=content)
            for name, content in mails.items()
        ]
        for at in range(0, len(items), 50):
            inbound.file_items(inbound.store(account_id, items[at : at + 50]).new_ids)
        attacked = _read(Desk.__new__(Desk))
        attacked.loaded = _load_images(attacked)
        engine = db.engine
    engine.dispose()
    return attacked


def _load_images(attacked: Attacked) -> int:
    """Give every second message pictures for all its remote addresses; returns how many."""
    loaded = 0
    for name in list(attacked.messages)[::2]:
        for address in remote_images.addresses(attacked.bodies[name]):
            picture = InboundFile(
                filename="image", content_type="image/png", content=PNG, inline=True,
                content_id=image_key(address),
            )  # fmt: skip
            with unit_of_work() as unit:
                message_id = attacked.messages[name]
                files.attach(unit, picture, message_id=message_id, is_remote=True)
            loaded += 1
    return loaded


def by_technique(payloads: list[Payload]) -> dict[str, list[Payload]]:
    """Group payloads by what they try."""
    groups: dict[str, list[Payload]] = {}
    for payload in payloads:
        groups.setdefault(payload.technique, []).append(payload)
    return groups


def _read(desk: Desk) -> Attacked:
    with reading() as session:
        found = session.execute(
            select(Message.external_id, Message.id, Message.html, Ticket.number).join(
                Ticket, Ticket.id == Message.ticket_id
            )
        ).all()
    return Attacked(
        desk=desk,
        messages={row.external_id.partition("@")[0].strip("<"): row.id for row in found},
        tickets={row.external_id.partition("@")[0].strip("<"): row.number for row in found},
        bodies={row.external_id.partition("@")[0].strip("<"): row.html or "" for row in found},
    )
