"""The payloads as mails of customers, in every place of a mail that people see."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import quote

from tests.hostile.payloads import Payload

BOUNDARY = "=_hostile"
# A mail without words has no markup to be shown.
GREETING = "<p>Good day.</p>"


def of_payload(payload: Payload, to: str, outside: str) -> bytes:
    """Write one payload as markup, subject, name and file name."""
    words = payload.aimed_at(outside)
    charset = payload.charset
    head = _head(payload.id, to, f"{payload.id} {words}", f"{payload.id} {words}")
    return head + _mixed(
        f"Content-Type: text/html; charset={charset}\r\n",
        payload.encoded(outside, before=GREETING),
        [f"{words}.png"],
    )


def in_words(name: str, payloads: Iterable[Payload], to: str, outside: str) -> bytes:
    """Write several payloads as plain text, and one of them as name and subject."""
    words = [payload.aimed_at(outside) for payload in payloads]
    text = "\n\n".join(words).encode("utf-8", "replace")
    head = _head(name, to, f"{name} {words[0]}", f"{words[0]} {name}")
    return head + _mixed("Content-Type: text/plain; charset=utf-8\r\n", text, words[:10])


def _head(name: str, to: str, subject: str, sender: str) -> bytes:
    return (
        f"From: {_encoded(sender)} <{name}@customer.test>\r\nTo: {to}\r\nCc: {_encoded(sender)} <cc-{name}@customer.test>\r\n"
        f"Subject: {_encoded(subject)}\r\nMessage-ID: <{name}@customer.test>\r\nMIME-Version: 1.0\r\n"
        f'Content-Type: multipart/mixed; boundary="{BOUNDARY}"\r\n\r\n'
    ).encode()


def _mixed(kind: str, body: bytes, names: Iterable[str]) -> bytes:
    parts = [f"{kind}Content-Transfer-Encoding: base64\r\n\r\n".encode() + _lines(body)]
    for name in names:
        given = quote(name.encode("utf-8", "replace"))
        disposition = f"Content-Disposition: attachment; filename*=utf-8''{given[:3000]}\r\n\r\n"
        parts.append(f"Content-Type: image/svg+xml\r\n{disposition}<svg onload=alert(1)>".encode())
    edge = f"--{BOUNDARY}".encode()
    return b"".join(edge + b"\r\n" + part + b"\r\n" for part in parts) + edge + b"--\r\n"


def _encoded(text: str) -> str:
    """Write text as encoded words, cut to what a header line takes."""
    content = text.encode("utf-8", "replace")[:1200]
    pieces = [content[at : at + 39] for at in range(0, len(content), 39)]
    return "\r\n ".join(f"=?utf-8?b?{b64encode(piece).decode()}?=" for piece in pieces)


def _lines(content: bytes) -> bytes:
    packed = b64encode(content)
    return b"\r\n".join(packed[at : at + 76] for at in range(0, len(packed), 76))
