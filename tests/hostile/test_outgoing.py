"""Whatever strangers and agents write, a mail that leaves has the headers and recipients we meant."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP, compat32

from deskcore.domain.messages import Address, OutboundFile, OutboundMessage
from deskcore.plugin import Refused
from plugins.email.render import render_mail
from tests.hostile.strings import every

STRINGS = list(dict.fromkeys(text for _name, text in every()))
MEANT = {
    "From", "To", "Cc", "Subject", "Message-ID", "References", "Date", "MIME-Version", "Content-Type",
    "In-Reply-To", "Content-Transfer-Encoding",
}  # fmt: skip
RECIPIENTS = {"jana@example.cz", "petr@example.cz", "hidden@example.cz"}


def outbound(at: int, **changes: object) -> OutboundMessage:
    """Make a message whose every text is a hostile string, each place another one."""

    def text(place: int) -> str:
        return STRINGS[(at + place * 211) % len(STRINGS)]

    parts: dict[str, object] = {
        "external_id": "abc@shop.example",
        "token": "",
        "references": ("first@example.cz", text(5)),
        "sender": Address(value="help@shop.example", name=text(1)),
        "to": (Address(value="jana@example.cz", name=text(2)),),
        "cc": (Address(value="petr@example.cz", name=text(3)),),
        "bcc": (Address(value="hidden@example.cz"),),
        "subject": text(0),
        "text": text(4),
        "files": (OutboundFile(filename=text(6), content_type=text(7), content=b"x"),),
        "sent_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return OutboundMessage(**{**parts, **changes})  # type: ignore[arg-type]  # parts by name


def sent(message: OutboundMessage) -> tuple[bytes, tuple[str, ...]]:
    payload = render_mail(
        message, address="help@shop.example", sender_name="Shop", reply_tokens=False
    )
    return payload.content, payload.recipients


def header_names(content: bytes) -> list[str]:
    """Split the head by hand: what a server sees, whatever a library makes of it."""
    head = content.partition(b"\r\n\r\n")[0]
    assert b"\r" not in head.replace(b"\r\n", b"")
    assert b"\n" not in head.replace(b"\r\n", b"")
    lines = [line for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
    return [line.partition(b":")[0].decode("ascii") for line in lines]


def test_no_string_adds_a_header_a_recipient_or_a_part() -> None:
    refused = 0
    for at in range(len(STRINGS)):
        try:
            content, recipients = sent(outbound(at))
        except Refused:
            refused += 1
            continue
        names = header_names(content)
        assert set(names) <= MEANT, STRINGS[at]
        assert len(names) == len(set(names)), STRINGS[at]
        assert set(recipients) == RECIPIENTS
        assert content.isascii()
        parts = [
            part
            for part in message_from_bytes(content, policy=compat32).walk()
            if not part.is_multipart()
        ]
        assert len(parts) == 2, STRINGS[at]
        assert {name for part in parts for name in part} <= {
            "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "MIME-Version"
        }  # fmt: skip
    assert refused == 0


def test_a_string_that_is_no_address_is_refused_and_an_address_stays_one() -> None:
    taken = 0
    for text in STRINGS:
        try:
            content, recipients = sent(outbound(0, to=(Address(value=text),), cc=(), bcc=()))
        except Refused:
            continue
        taken += 1
        assert len(recipients) == 1
        assert recipients[0].count("@") == 1
        assert not set(recipients[0]) & set(' \r\n\t<>,;:()"\\\x00')
        to = message_from_bytes(content, policy=SMTP)["To"]
        assert len(to.addresses) == 1
    assert 0 < taken < 60


def test_a_file_whose_name_is_long_or_quoted_can_be_sent() -> None:
    names = {
        "Everything that was ordered in our shop this spring and what came of it, final.pdf": None,
        '"quoted".pdf"': "_quoted_.pdf_",
        "<script>": "_script_",
    }
    for name, shown in names.items():
        file = OutboundFile(filename=name, content_type="application/pdf", content=b"x")
        content, _recipients = sent(outbound(0, files=(file,)))
        attached = next(message_from_bytes(content, policy=SMTP).iter_attachments())
        assert attached.get_filename() == (shown or name)
