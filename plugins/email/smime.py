"""S/MIME: the text inside an opaquely signed mail, which needs no key to be read.

Desks that skip this show an empty ticket. Only the structure of RFC 5652 SignedData is walked
(BER with indefinite lengths included); the signature is not verified and nothing claims it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from plugins.email.mime_tree import Part
from plugins.email.parameters import text_of

_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_ENVELOPED = (bytes.fromhex("2a864886f70d010703"), bytes.fromhex("2a864886f70d0109100117"))
_END, _OCTETS, _OCTETS_IN_PIECES, _SET, _CONSTRUCTED = 0x00, 0x04, 0x24, 0x31, 0x20
_LONG_FORM = 0x80
_LONGEST_LENGTH = 8
_HEAD = 80
_MAX_ELEMENTS = 100_000
_LOOKS_LIKE_MAIL = re.compile(rb"\s{0,10}[A-Za-z-]{2,60}[ \t]{0,5}:")


@dataclass(frozen=True, kw_only=True)
class _Element:
    """Tag and place of one BER element; ``end`` is None up to an end mark."""

    tag: int
    start: int
    end: int | None


def is_opaque(part: Part) -> bool:
    """Whether a part is an S/MIME container (signed or encrypted)."""
    return part.content_type in _TYPES


def is_encrypted(part: Part) -> bool:
    """Whether an S/MIME container is one that only a key opens."""
    kind = text_of(part.type_parameters, "smime-type").lower()
    head = part.content[:_HEAD]
    return "enveloped" in kind or any(oid in head for oid in _ENVELOPED)


def signed_content(content: bytes) -> bytes:
    """Take the signed mail out of its container; empty when there is none.

    It is the first OCTET STRING behind the set of digests:
    SignedData { version, SET of digests, { data, [0] OCTET STRING }, … }.
    """
    signed_at = content[:_HEAD].find(_SIGNED_DATA)
    if signed_at < 0:
        return b""
    position = signed_at + len(_SIGNED_DATA)
    for _ in range(_MAX_ELEMENTS):
        element = _read(content, position)
        if element is None:
            return b""
        if element.tag in (_OCTETS, _OCTETS_IN_PIECES):
            found = _octets(content, element)
            return found if _LOOKS_LIKE_MAIL.match(found) else b""
        position = _next(element)
    return b""


def _next(element: _Element) -> int:
    """Step into what is made of parts, over what is not, and over the set of digests."""
    is_made_of_parts = bool(element.tag & _CONSTRUCTED) and element.tag != _SET
    return element.start if is_made_of_parts or element.end is None else element.end


def _octets(content: bytes, element: _Element) -> bytes:
    if element.tag == _OCTETS:
        return content[element.start : element.end]
    out = bytearray()
    position = element.start
    for _ in range(_MAX_ELEMENTS):
        piece = _read(content, position)
        beyond = element.end is not None and position >= element.end
        if piece is None or beyond or piece.tag == _END or piece.end is None:
            break
        out += content[piece.start : piece.end]
        position = piece.end
    return bytes(out)


def _read(content: bytes, position: int) -> _Element | None:
    if position + 2 > len(content):
        return None
    tag, first = content[position], content[position + 1]
    start = position + 2
    if first < _LONG_FORM:
        return _Element(tag=tag, start=start, end=start + first)
    if first == _LONG_FORM:
        return _Element(tag=tag, start=start, end=None)
    size = first - _LONG_FORM
    if size > _LONGEST_LENGTH:
        return None
    start += size
    return _Element(
        tag=tag, start=start, end=start + int.from_bytes(content[start - size : start], "big")
    )
