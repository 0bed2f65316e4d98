"""Address headers as senders really write them, read in one pass without recursion.

RFC 5322 §3.4 is the wish; unquoted commas, names that are addresses, missing brackets and groups
are what comes. Python's own parser overflows its stack on 900 bytes of ``((((``.
"""

from __future__ import annotations

import re
from collections import deque

from deskcore.api import Address, canonical_email
from plugins.email.encoded_words import decode_header
from plugins.email.headers import Headers

MAX_ADDRESSES = 500
_MAX_NAME_PIECES = 5
_TOKEN = re.compile(rb'\\.|["(),;:<>]', re.DOTALL)
# Bounded and anchored at the start of a word: unbounded it is quadratic on 200 KB of one letter.
_WORD = r"[^\s<>()\[\]\",;:'|@]"
_BARE = re.compile(rf"(?<!{_WORD}){_WORD}{{1,128}}@{_WORD}{{1,255}}")
_QUOTED_LOCAL = re.compile(r'"[^"\r\n]{1,64}"@[^\s<>()",;]+')
_JUNK = " \t\r\n<>()[]\"',;:."
_LONGEST_ADDRESS = 320


def read_addresses(headers: Headers, name: str) -> tuple[Address, ...]:
    """Read all addresses of all headers of this name; what has no address in it is left out."""
    found: list[Address] = []
    for value in headers.all_raw(name):
        found.extend(parse_addresses(value, hint=headers.hint))
    return tuple(dict.fromkeys(found))[:MAX_ADDRESSES]


def parse_addresses(value: bytes, *, hint: str = "") -> list[Address]:
    """Split a raw header into addresses; a name cut by an unquoted comma is put together again."""
    found: list[Address] = []
    waiting: deque[bytes] = deque(maxlen=_MAX_NAME_PIECES)
    for piece in _split(value):
        if b"@" not in piece and b"=?" not in piece and b"\x1b" not in piece:
            waiting.append(piece)
            continue
        address = _read_one(b",".join([*waiting, piece]), hint)
        if address is None:
            waiting.append(piece)
            continue
        found.append(address)
        waiting.clear()
        if len(found) >= MAX_ADDRESSES:
            break
    return found


def addresses_in(text: str) -> list[str]:
    """Find what looks like mail addresses in running text, canonical, in order, once each."""
    found = (canonical(match) for match in _BARE.findall(text[:200_000]))
    return list(dict.fromkeys(address for address in found if address))


def canonical(address: str) -> str:
    """Bring an address to the form it is compared and stored in; empty when it is none."""
    quoted = _QUOTED_LOCAL.search(address)
    if quoted:
        return quoted.group().lower()[:_LONGEST_ADDRESS]
    compact = "".join(address.split()).strip(_JUNK)
    compact = re.sub(r"(?i)^mailto:", "", compact)
    local, mark, domain = compact.rpartition("@")
    if not mark or not local or not domain or len(compact) > _LONGEST_ADDRESS:
        return ""
    return "" if re.search(r"[<>()\",;\s]", compact) else canonical_email(compact)


def _split(value: bytes) -> list[bytes]:
    """Cut at commas and semicolons outside of quotes, brackets and comments; drop group names."""
    pieces: list[bytes] = []
    start = comment = 0
    quoted = angle = False
    for match in _TOKEN.finditer(value):
        token = match.group()
        if token == b'"' and not comment:
            quoted = not quoted and value.find(b'"', match.end()) >= 0
        elif quoted:
            continue
        elif token == b"(":
            comment += 1
        elif token == b")":
            comment = max(0, comment - 1)
        elif token == b"<":
            angle = True
        elif token == b">":
            angle = False
        elif token in (b",", b";") and not angle and not comment:
            pieces.append(value[start : match.start()])
            start = match.end()
        elif (
            token == b":" and not (angle or comment) and value.find(b"@", start, match.start()) < 0
        ):
            start = match.end()
    pieces.append(value[start:])
    return [piece.strip() for piece in pieces if piece.strip()]


def _read_one(piece: bytes, hint: str) -> Address | None:
    """Read one mailbox: the last ``<…@…>`` is the address, the words before it are the name."""
    text = piece.decode("latin-1")
    close = text.rfind(">")
    opened = text.rfind("<", 0, close if close >= 0 else len(text))
    if opened >= 0:
        inner = text[opened + 1 : close if close > opened else len(text)]
        value = canonical(_decoded(inner, hint))
        if value:
            return Address(value=value, name=_name(text[:opened], hint))
    plain = _decoded(text, hint)
    quoted = _QUOTED_LOCAL.search(plain)
    bare = quoted or _last(_BARE, plain)
    if bare is None:
        return None
    value = canonical(bare.group())
    rest = plain[: bare.start()] + " " + plain[bare.end() :]
    return Address(value=value, name=_tidy_name(rest)) if value else None


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found: re.Match[str] | None = None
    for match in pattern.finditer(text):
        found = match
    return found


def _decoded(latin1: str, hint: str) -> str:
    return decode_header(latin1.encode("latin-1"), hint=hint)


def _name(latin1: str, hint: str) -> str:
    stripped = latin1.strip()
    if stripped.startswith('"') and stripped.endswith('"') and len(stripped) > 1:
        stripped = re.sub(r"\\(.)", r"\1", stripped[1:-1])
    return _tidy_name(_decoded(stripped, hint))


def _tidy_name(name: str) -> str:
    return (
        " ".join(name.split())
        .strip(' "<>')
        .strip("'")
        .strip()[:200]
        .removeprefix("(")
        .removesuffix(")")
    )
