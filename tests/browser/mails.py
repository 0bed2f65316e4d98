"""The mails of these tests, built with the standard library as a customer's program builds them."""

from __future__ import annotations

import smtplib
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP, default
from email.utils import format_datetime, make_msgid

from deskcore.clock import now
from tests.servers.postfix import Postfix

ANN = "Jana Nováková <jana@customer.test>"


@dataclass(frozen=True, kw_only=True)
class File:
    """A file that goes with a mail; ``content_id`` makes it an inline image."""

    name: str
    kind: str
    content: bytes
    content_id: str = ""


def png(width: int = 120, height: int = 60) -> bytes:
    """Draw a picture in one green."""
    rows = (b"\x00" + bytes((20, 110, 90)) * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def pdf(line: str) -> bytes:
    """Make a PDF of one page without anything on it; *line* makes its bytes its own."""
    return (
        f"%PDF-1.4\n% {line}\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n"
        "trailer<</Root 1 0 R>>\n%%EOF\n"
    ).encode()


def mail(
    to: str,
    subject: str,
    text: str,
    *,
    sender: str = ANN,
    html: str = "",
    files: Sequence[File] = (),
    headers: Sequence[tuple[str, str]] = (),
) -> bytes:
    """Build a mail, plain or with HTML, with files and pictures."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(now())
    message["Message-ID"] = make_msgid(domain="customer.test")
    for name, value in headers:
        message[name] = value
    message.set_content(text)
    if html:
        _add_html(message, html, [file for file in files if file.content_id])
    for file in files:
        if not file.content_id:
            main, _, sub = file.kind.partition("/")
            message.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    return message.as_bytes()


def _add_html(message: EmailMessage, html: str, pictures: Sequence[File]) -> None:
    message.add_alternative(html, subtype="html")
    part = message.get_payload()[1]  # type: ignore[index]  # the alternative just added
    for file in pictures:
        main, _, sub = file.kind.partition("/")
        part.add_related(  # type: ignore[union-attr]  # a message, as built above
            file.content,
            maintype=main,
            subtype=sub,
            filename=file.name,
            cid=f"<{file.content_id}>",
            disposition="inline",
        )


def answer_to(sent: bytes, text: str, *, sender: str = ANN) -> bytes:
    """Answer a received mail as mail programs do: subject, threading headers and a quote."""
    original = parsed(sent)
    references = f"{original['References'] or ''} {original['Message-ID']}".strip()
    return mail(
        str(original["Reply-To"] or original["From"]),
        f"Re: {original['Subject'].removeprefix('Re: ')}",
        text,
        sender=sender,
        headers=[("In-Reply-To", original["Message-ID"]), ("References", references)],
    )


def parsed(content: bytes) -> EmailMessage:
    """Read a mail back."""
    message = BytesParser(policy=default).parsebytes(content)
    assert isinstance(message, EmailMessage)
    return message


def post(postfix: Postfix, content: bytes, to: str, *, sender: str = "jana@customer.test") -> None:
    """Send a mail through Postfix, which delivers it to Dovecot."""
    with smtplib.SMTP(postfix.host, postfix.port, timeout=20) as client:
        client.sendmail(sender, [to], content)
