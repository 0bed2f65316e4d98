"""Read sample mails and short hand-written ones, as the desk would read them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from deskcore.domain.messages import DeliveryReport, Inbound, InboundMessage
from plugins.email.parse import parse_mail

SAMPLES = Path(__file__).parent.parent / "data" / "mail"
OWN = frozenset({"support@desk.example"})
DESK_ID = "desk-one"


def read(content: bytes, meta: Mapping[str, str] | None = None) -> Inbound:
    (item,) = parse_mail(content, meta=meta or {}, own_addresses=OWN, desk_id=DESK_ID)
    return item


def message(content: bytes | str, meta: Mapping[str, str] | None = None) -> InboundMessage:
    raw = content.encode() if isinstance(content, str) else content
    item = read(raw, meta)
    assert isinstance(item, InboundMessage)
    return item


def sample(name: str) -> InboundMessage:
    return message((SAMPLES / name).read_bytes())


def report(content: bytes | str) -> DeliveryReport:
    item = read(content.encode() if isinstance(content, str) else content)
    assert isinstance(item, DeliveryReport)
    return item


def reply(text: str, subject: str = "Re: Your order") -> InboundMessage:
    """Read a plain-text answer to a mail of ours."""
    head = f"From: ann@customer.example\nSubject: {subject}\nIn-Reply-To: <a@desk.example>\n"
    return message(f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}")
