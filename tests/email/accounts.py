"""E-mail channels on the real servers of the tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from deskcore.clock import now
from deskcore.domain.messages import Address, OutboundMessage
from deskcore.plugin import AccountView, Net, RawItem, Secret
from plugins.email.channel import EmailChannel
from plugins.email.settings import EmailSettings
from tests.servers.dovecot import Dovecot
from tests.servers.maildir import StoredMail
from tests.servers.postfix import Postfix


def settings(dovecot: Dovecot, postfix: Postfix, address: str, **changed: Any) -> EmailSettings:
    """Make settings for a mailbox on the tests' servers, without encryption."""
    values: dict[str, Any] = {
        "imap_host": dovecot.host,
        "imap_port": dovecot.port,
        "imap_security": "none",
        "imap_user": address,
        "password": Secret(dovecot.password),
        "smtp_host": postfix.host,
        "smtp_port": postfix.port,
        "smtp_security": "none",
        "smtp_sign_in": False,
    }
    return EmailSettings(**(values | changed))


def channel(
    dovecot: Dovecot,
    postfix: Postfix,
    address: str,
    *,
    connected_at: datetime | None = None,
    **changed: Any,
) -> EmailChannel:
    """Make a channel for *address*, connected a moment ago unless said otherwise."""
    account = AccountView(
        id=1,
        name="Test",
        address=address,
        settings=settings(dovecot, postfix, address, **changed),
        own_addresses=frozenset({address}),
        connected_at=connected_at or now(),
        desk_id="desk-1",
    )
    return EmailChannel(account, Net(plugin="email", allow_private=True))


def mail(number: int, *, days_ago: float = 0, seen: bool = False, size: int = 0) -> StoredMail:
    """Make a mail that arrived some days ago."""
    content = (
        f"From: ann@customer.test\r\nSubject: mail {number}\r\n"
        f"Message-ID: <{number}@customer.test>\r\n\r\nHello {number}\r\n"
    ).encode() + b"x" * size
    return StoredMail(
        content=content,
        flags=frozenset({"\\Seen"}) if seen else frozenset(),
        received_at=now() - timedelta(days=days_ago),
    )


def numbers(items: list[RawItem]) -> list[int]:
    """Tell which of the mails these are, in order."""
    found = []
    for item in items:
        _, _, rest = item.content.partition(b"Subject: mail ")
        found.append(int(rest.split(b"\r\n")[0]))
    return found


def outbound(**changed: Any) -> OutboundMessage:
    """Make a short answer to a customer."""
    values: dict[str, Any] = {
        "external_id": "d.kX3vQ9mB1zL0aTfW7yRn2A@desk.test",
        "token": "kX3vQ9mB1zL0aTfW7yRn2A",
        "sender": Address(value="help@desk.test", name="Obchod, s.r.o."),
        "to": (Address(value="ann@customer.test", name="Анна"),),
        "subject": "Re: Objednávka",
        "text": "Добрый день!\n",
        "html": "<p>Добрый день!</p>",
        "references": ("first@customer.test", "second@customer.test"),
        "sent_at": datetime(2026, 11, 21, 20, 15, tzinfo=UTC),
    }
    return OutboundMessage(**(values | changed))
