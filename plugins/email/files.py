"""Files of a mail: a safe name, a type, the bytes; also those hidden in text and in winmail.dat."""

from __future__ import annotations

import mimetypes
import re

from deskcore.api import InboundFile, safe_filename
from plugins.email.charsets import one_line
from plugins.email.encoded_words import decode_header
from plugins.email.headers import headers_of
from plugins.email.mime_tree import Part
from plugins.email.parameters import text_of

_DRIVE = re.compile(r"^(?:[A-Za-z]:|[a-z]{2,10}:(?=//))")
_MAX_STEM = 80
_MAX_SUBJECT = 1000
_EXTENSIONS = {
    "message/rfc822": ".eml",
    "text/rfc822-headers": ".txt",
    "message/delivery-status": ".txt",
    "text/calendar": ".ics",
    "text/plain": ".txt",
    "text/html": ".html",
    "image/jpeg": ".jpg",
    "application/ms-tnef": ".dat",
    "application/pgp-signature": ".asc",
    "application/pkcs7-signature": ".p7s",
    "application/x-pkcs7-signature": ".p7s",
}


def make_file(part: Part, number: int, *, inline: bool = False) -> InboundFile:
    """Take a part as a file; *number* names it when nothing else does."""
    content = nested_mail(part) if part.main_type == "message" else part.content
    return InboundFile(
        filename=_filename(part, content, number),
        content_type=_type(part),
        content=content,
        content_id=content_id(part),
        inline=inline,
    )


def given_name(part: Part) -> str:
    """Return the name the sender gave: of the disposition, else of the type; may be unsafe."""
    for parameters, name in (
        (part.disposition_parameters, "filename"),
        (part.type_parameters, "name"),
        (part.disposition_parameters, "name"),
        (part.type_parameters, "filename"),
    ):
        value = text_of(parameters, name)
        if value.strip():
            return value
    return ""


def safe_name(name: str) -> str:
    """Make a name safe to show and to store as data; empty when nothing of it is left."""
    return safe_filename(_DRIVE.sub("", one_line(name)).rstrip("/\\ "), default="")


def content_id(part: Part) -> str:
    """Return the bare Content-ID, or the Content-Location that HTML may use in its place."""
    raw = part.headers.text("content-id") or part.headers.text("content-location")
    return raw.strip().strip("<>").strip()[:500]


def nested_mail(part: Part) -> bytes:
    """Return an attached mail's bytes; some senders encode it although RFC 2046 forbids that."""
    return part.content if part.headers.text("content-transfer-encoding") else part.body


def uuencoded_file(name: bytes, content: bytes, number: int) -> InboundFile:
    """Make a file of a uuencoded block found in a text."""
    filename = safe_name(name.decode("utf-8", "replace")) or f"file-{number}.bin"
    guessed = mimetypes.guess_type(filename)[0]
    return InboundFile(
        filename=filename, content_type=guessed or "application/octet-stream", content=content
    )


def _filename(part: Part, content: bytes, number: int) -> str:
    named = safe_name(given_name(part))
    if named:
        return named
    if part.content_type == "text/calendar":
        return "invite.ics"
    extension = _EXTENSIONS.get(part.content_type) or mimetypes.guess_extension(part.content_type)
    if part.content_type == "message/rfc822":
        subject = safe_name(decode_header(headers_of(content).raw("subject")[:_MAX_SUBJECT]))[
            :_MAX_STEM
        ].rstrip(" .")
        if subject:
            return subject + ".eml"
    word = "image" if part.main_type == "image" else "file"
    return f"{word}-{number}{extension or '.bin'}"


def _type(part: Part) -> str:
    """Return the declared type; when there is none the name's extension helps."""
    if part.content_type != "application/octet-stream":
        return part.content_type
    return mimetypes.guess_type(given_name(part))[0] or part.content_type
