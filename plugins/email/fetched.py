"""What a FETCH brought, taken out of imaplib's nested lists. Attributes come in any order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_FLAGS = re.compile(rb"\bFLAGS \(([^)]*)\)")
_DATE = re.compile(rb'\bINTERNALDATE "([^"]*)"')


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """One mail on the server; ``content`` is empty unless a body was asked for."""

    uid: int
    size: int = 0
    flags: frozenset[str] = frozenset()
    internal_date: datetime | None = None
    content: bytes = field(default=b"", repr=False)

    @property
    def seen(self) -> bool:
        """Whether somebody or something has marked it read."""
        return r"\seen" in self.flags

    @property
    def deleted(self) -> bool:
        """Whether somebody has marked it for removal."""
        return r"\deleted" in self.flags


def read_fetched(data: Iterable[object], *, wanted: frozenset[int]) -> list[Fetched]:
    """Read a FETCH response; flag news about other mails in between are passed over."""
    found = {}
    for attributes, content in _responses(data):
        uid = _UID.search(attributes)
        if uid and int(uid[1]) in wanted:
            # A server may send news about a mail besides the answer: the fuller one counts.
            item = _one(int(uid[1]), attributes, content)
            if item.uid not in found or item.content or item.size:
                found[item.uid] = item
    return list(found.values())


def _responses(data: Iterable[object]) -> Iterator[tuple[bytes, bytes]]:
    """Join each response's text before and after its literal: (attributes, literal)."""
    attributes, content = b"", b""
    for part in data:
        if isinstance(part, tuple):
            # A second literal of one response has no sequence number in front.
            if re.match(rb"\d+ \(", part[0]) and attributes:
                yield attributes, content
                attributes, content = b"", b""
            attributes += part[0]
            content = part[1]
        elif isinstance(part, bytes) and re.match(rb"\d+ \(", part):
            if attributes:
                yield attributes, content
            attributes, content = part, b""
        elif isinstance(part, bytes):
            attributes += part
    if attributes:
        yield attributes, content


def _one(uid: int, attributes: bytes, content: bytes) -> Fetched:
    size, flags, date = (pattern.search(attributes) for pattern in (_SIZE, _FLAGS, _DATE))
    return Fetched(
        uid=uid,
        size=int(size[1]) if size else 0,
        flags=frozenset(flags[1].decode("ascii", "replace").lower().split() if flags else ()),
        internal_date=_moment(date[1]) if date else None,
        content=content,
    )


def _moment(value: bytes) -> datetime | None:
    """Read ``17-Jul-1996 02:44:25 -0700`` (RFC 3501 date-time), whatever the locale."""
    text = value.decode("ascii", "replace").strip()
    try:
        moment = parsedate_to_datetime(text[:11].replace("-", " ") + text[11:])
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
