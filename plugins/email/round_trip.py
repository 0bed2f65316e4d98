"""Read a rendered mail back and compare it with what was meant, before anything is sent.

The desk does not trust the library that writes (security.md 0.2): a header or recipient that
nobody intended is an error shown to the agent. The header block is split by hand for that.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

from deskcore.api import _
from deskcore.plugin import Refused

_NAME = re.compile(rb"[A-Za-z][A-Za-z-]*")
_OF_BODY = {"MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
_OF_PARTS = {*_OF_BODY, "Content-Disposition", "Content-ID"}
# What any reader may stumble over: the library raises far more than its own errors.
_READING_FAILED = (ValueError, LookupError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, kw_only=True)
class Intent:
    """What a rendered mail must hold: nothing less, and no header more.

    ``texts`` and ``lists`` are the decoded headers by name; ``plain`` the headers that are ASCII
    as written, without folding. ``bodies`` are (type, text), ``files`` (name, content), in order.
    """

    texts: dict[str, str]
    lists: dict[str, tuple[tuple[str, str], ...]]
    plain: dict[str, str]
    bodies: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, bytes], ...]


def verify(content: bytes, intent: Intent) -> None:
    """Raise ``Refused`` unless the bytes say exactly what was meant."""
    try:
        is_same = _same_headers(content, intent) and _same_body(message_from_bytes(content), intent)
    except _READING_FAILED as error:
        raise _unsafe() from error
    if not is_same:
        raise _unsafe()


def _same_headers(content: bytes, intent: Intent) -> bool:
    headers = _split(content)
    intended = {*intent.texts, *intent.lists, *intent.plain}
    names = [name for name, _ in headers if name not in _OF_BODY]
    if sorted(names) != sorted(intended) or len({name for name, _ in headers}) != len(headers):
        return False
    value_by_name = dict(headers)
    return (
        all(_decoded(value_by_name[name]) == text for name, text in intent.texts.items())
        and all(_mailboxes(value_by_name[name]) == seen for name, seen in intent.lists.items())
        and all(value_by_name[name] == text for name, text in intent.plain.items())
    )


def _split(content: bytes) -> list[tuple[str, str]]:
    """Split the header block by its bytes alone: each line begins a header or goes on with one."""
    block, separator, _body = content.partition(b"\r\n\r\n")
    headers: list[tuple[str, str]] = []
    if not separator or re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", block):
        raise ValueError("no clean header block")
    for line in block.split(b"\r\n"):
        if b"\r" in line or b"\n" in line:
            raise ValueError("a bare line break")
        if line[:1] == b" ":
            name, value = headers.pop()
            headers.append((name, f"{value} {line.strip().decode('utf-8')}".strip()))
            continue
        name_bytes, colon, rest = line.partition(b":")
        if not colon or not _NAME.fullmatch(name_bytes):
            raise ValueError("a line that is no header")
        headers.append((name_bytes.decode("ascii"), rest.strip().decode("utf-8")))
    return headers


def _decoded(value: str) -> str:
    return str(make_header(decode_header(value)))


def _mailboxes(value: str) -> tuple[tuple[str, str], ...]:
    return tuple((_decoded(name), address) for name, address in getaddresses([value]))


def _same_body(message: Message, intent: Intent) -> bool:
    bodies, files = [], []
    for part in message.walk():
        if part.defects or (part is not message and not _OF_PARTS.issuperset(part.keys())):
            return False
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        if not isinstance(content, bytes):
            return False
        name = part.get_filename()
        if name is None:
            text = content.decode("utf-8").replace("\r\n", "\n")
            bodies.append((part.get_content_type(), text))
        else:
            files.append((name, content))
    return tuple(bodies) == intent.bodies and tuple(files) == intent.files


def _unsafe() -> Refused:
    return Refused(
        _(
            "This message cannot be written as a mail that arrives as it was meant; nothing was "
            "sent. Check the subject, the names and the file names for unusual characters."
        )
    )
