"""What a customer is mailed, read by parsers that are not ours: both forms say the same."""

from __future__ import annotations

import email
import imaplib
import re
from collections.abc import Callable
from email import policy
from pathlib import Path

import pytest
from flask import Flask
from lxml import html as markup
from playwright.sync_api import Browser
from sqlalchemy import select

from deskcore.domain.kinds import Direction
from deskcore.domain.messages import OutboundMessage
from deskcore.domain.people import SYSTEM
from deskcore.models import ChannelAccount, Delivery, Ticket, TicketLeg
from deskcore.services import composing, outgoing, theme_records
from deskcore.services.public_settings import PublicSettings, change_public_settings
from deskcore.services.unit import reading, unit_of_work
from deskcore.theme.wearing import init_themes
from plugins.email.render import render_mail
from tests import factories
from tests.servers.dovecot import Dovecot
from tests.services.test_letters import answered
from tests.services.test_request_links import ask

JANA = "jana@customer.example"
AGENT_ONLY = ("petra@staff.example", "zqnote", "zqsupplier@elsewhere.example")
RECEIVED = "Dobrý den,\n\nvaši zprávu <máme> & brzy odpovíme."
Parsed = tuple[str, str]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture(params=["linen", "harbour"])
def mails(request: pytest.FixtureRequest, app: Flask) -> dict[str, bytes]:
    """Give the bytes of an answer, of an acknowledgement and of a notification, in a theme."""
    with unit_of_work() as unit:
        theme_records.wear(unit, request.param)
    init_themes(app, app.extensions["desk_config"])
    mailbox = factories.a_mailbox(address="help@shop.example")
    change_public_settings(SYSTEM, PublicSettings(has_link_in_mails=True))
    petra = factories.a_user("owner", name="Petra")
    number = factories.a_ticket(mailbox, customer=factories.a_customer("Jana", JANA))
    factories.a_message(number, "zqnote", direction=Direction.NOTE, author=petra)
    reply = answered(petra, number)
    acknowledge(number)
    ask(JANA)
    with reading() as session:
        automatic = (composing.compose(session, session.get_one(Delivery, key)) for key in (2, 3))
        names = ("acknowledgement", "notification")
        rest = {name: _bytes(one) for name, one in zip(names, automatic, strict=True)}
    return {"reply": _bytes(reply), **rest}


def acknowledge(number: int) -> None:
    """Queue the automatic answer of a mailbox."""
    with unit_of_work() as unit:
        ticket = unit.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        leg = unit.session.scalars(select(TicketLeg).where(TicketLeg.ticket_id == ticket.id)).one()
        account = unit.session.get_one(ChannelAccount, leg.account_id)
        said = outgoing.Outgoing(
            to=(JANA,),
            cc=(),
            subject="We have it",
            body=RECEIVED,
            run_at=unit.now,
            is_automatic=True,
        )
        outgoing.create(unit, ticket, leg, account, said)


def _bytes(message: OutboundMessage) -> bytes:
    rendered = render_mail(
        message, address="help@shop.example", sender_name="Shop", reply_tokens=True
    )
    return rendered.content


def by_python(content: bytes, _dovecot: Dovecot) -> Parsed:
    mail = email.message_from_bytes(content, policy=policy.compat32)
    found = {part.get_content_type(): part.get_payload(decode=True) for part in mail.walk()}
    plain, rich = found["text/plain"], found["text/html"]
    assert isinstance(plain, bytes)
    assert isinstance(rich, bytes)
    return plain.decode(), rich.decode()


def by_dovecot(content: bytes, dovecot: Dovecot) -> Parsed:
    """Let a mail server in C take the parts apart, decoded by itself (RFC 3516)."""
    address = f"letters{abs(hash(content))}@letters.test"
    dovecot.mailbox(address).deliver([content])
    with imaplib.IMAP4(dovecot.host, dovecot.port, timeout=10) as client:
        client.login(address, dovecot.password)
        client.select("INBOX")
        parts = []
        for number in (1, 2):
            _status, found = client.fetch("1", f"(BINARY[{number}])")
            assert isinstance(found[0], tuple)
            parts.append(found[0][1].decode())
    return parts[0], parts[1]


@pytest.mark.parametrize("parse", [by_python, by_dovecot])
def test_both_forms_say_the_same_and_nothing_that_is_for_agents(
    mails: dict[str, bytes], dovecot: Dovecot, parse: Callable[[bytes, Dovecot], Parsed]
) -> None:
    for name, content in mails.items():
        plain, rich = parse(content, dovecot)
        assert words(plain) == words(markup.fromstring(f"<div>{rich}</div>").text_content()), name
        assert [word for word in AGENT_ONLY if word in plain + rich] == [], name


def test_a_browser_reads_the_same(
    mails: dict[str, bytes], dovecot: Dovecot, browser: Browser, tmp_path: Path
) -> None:
    """Chromium has a parser of MIME of its own, for pages that were saved whole."""
    for name, content in mails.items():
        path = tmp_path / f"{name}.mhtml"
        path.write_bytes(content)
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(path.as_uri())
            shown = page.locator("body").inner_text()
        assert words(shown) == words(by_python(content, dovecot)[0]), name


def words(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_the_headers_are_those_of_an_answer(mails: dict[str, bytes]) -> None:
    mail = email.message_from_bytes(mails["reply"])
    assert "+reply+" in mail["Reply-To"]
    assert mail["Auto-Submitted"] is None
    for name in ("acknowledgement", "notification"):
        assert email.message_from_bytes(mails[name])["Auto-Submitted"]
