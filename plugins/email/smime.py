"""S/MIME: the text inside an opaquely signed mail, which needs no key to be read.

Desks that skip this show an empty ticket. Only the structure of RFC 5652 SignedData is walked
(BER with indefinite lengths included); the signature is not verified and nothing claims it is.
"""

from __future__ import annotations

import re

from plugins.email.mime_tree import Part
from plugins.email.parameters import text_of

_TYPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_ENVELOPED = (bytes.fromhex("2a864886f70d010703"), bytes.fromhex("2a864886f70d0109100117"))
_OCTET_STRING = 0x04
_CONSTRUCTED_OCTET_STRING = 0x24
_MAX_ELEMENTS = 100_000
_LOOKS_LIKE_MAIL = re.compile(rb"\s{0,10}[A-Za-z-]{2,60}[ \t]{0,5}:")


def is_opaque(part: Part) -> bool:
    """Whether a part is an S/MIME container (signed or encrypted)."""
    return part.content_type in _TYPES


def is_encrypted(part: Part) -> bool:
    kind = text_of(part.type_parameters, "smime-type").lower()
    head = part.content[:80]
    return "enveloped" in kind or any(oid in head for oid in _ENVELOPED)


def signed_content(content: bytes) -> bytes:
    """Take the signed mail out of its container; empty when there is none.

    The encapsulated content is the first OCTET STRING after the second object identifier:
    ContentInfo { signedData, SignedData { version, digests, { data, [0] OCTET STRING } … } }.
    """
    signed_at = content[:80].find(_SIGNED_DATA)
    if signed_at < 0:
        return b""
    out = bytearray()
    position = signed_at + len(_SIGNED_DATA)
    ends: list[int] = []
    for _ in range(_MAX_ELEMENTS):
        header = _header(content, position)
        if header is None:
            break
        tag, start, length = header
        if ends and position >= ends[-1] >= 0:
            break
        if tag == _OCTET_STRING and length >= 0:
            out += content[start : start + length]
            position = start + length
            if not ends:
                break
        elif tag == _CONSTRUCTED_OCTET_STRING:
            ends.append(start + length if length >= 0 else -1)
            position = start
        elif tag == 0 and length == 0:
            if ends:
                break
            position = start
        elif tag & 0x20 and tag != 0x31:
            position = start
        else:
            position = start + max(length, 0)
    return bytes(out) if _LOOKS_LIKE_MAIL.match(out) else b""


def _header(content: bytes, position: int) -> tuple[int, int, int] | None:
    """Read tag, start of the value and length (-1: up to an end mark) of the element there."""
    if position + 2 > len(content):
        return None
    tag, first = content[position], content[position + 1]
    if first < 0x80:
        return tag, position + 2, first
    if first == 0x80:
        return tag, position + 2, -1
    size = first & 0x7F
    if size > 8:
        return None
    start = position + 2 + size
    return tag, start, int.from_bytes(content[position + 2 : start], "big")
