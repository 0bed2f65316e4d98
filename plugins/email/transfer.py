"""Undo the transfer encodings of mail, forgiving what gateways broke; nothing here raises."""

from __future__ import annotations

import binascii
import re

_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]")
_BEGIN_OR_END = re.compile(
    rb"(?m)^begin(?:-base64)? [0-7]{3,4} (?P<name>[^\r\n]{1,300})\r?\n|^(?:end|====)[ \t]*\r?$"
)
_MAX_FILES = 100


def decode_transfer(content: bytes, encoding: str) -> bytes:
    """Decode a part's body; an unknown encoding leaves it as it is."""
    name = encoding.strip().strip("\"'").lower()
    if name == "base64":
        return decode_base64(content)
    if name == "quoted-printable":
        return binascii.a2b_qp(content)
    if name in ("x-uuencode", "uuencode", "x-uue", "uue"):
        files = find_uuencoded(content)
        return files[0][1] if files else content
    return content


def decode_base64(content: bytes) -> bytes:
    """Decode base64 with stray characters, padding in the middle or none at the end."""
    out = bytearray()
    for group in re.split(rb"=+", _NOT_BASE64.sub(b"", content)):
        usable = group[: len(group) - 1] if len(group) % 4 == 1 else group
        out += binascii.a2b_base64(usable + b"=" * (-len(usable) % 4))
    return bytes(out)


def find_uuencoded(content: bytes) -> list[tuple[bytes, bytes, int, int]]:
    """Find files written into a text: name, content, start and end of the block.

    One pass: a block runs from the last ``begin`` line to the ``end`` line below it.
    """
    found: list[tuple[bytes, bytes, int, int]] = []
    begin: re.Match[bytes] | None = None
    for line in _BEGIN_OR_END.finditer(content):
        if line.group("name") is not None:
            begin = line
            continue
        if begin is None:
            continue
        decoded = _uudecode(content[begin.end() : line.start()])
        if decoded is not None:
            found.append((begin.group("name").strip(), decoded, begin.start(), line.end()))
        if len(found) >= _MAX_FILES:
            break
        begin = None
    return found


def _uudecode(block: bytes) -> bytes | None:
    """Decode the lines of one block; None when they are no uuencode at all."""
    out = bytearray()
    good = bad = 0
    for line in block.splitlines():
        if not line.strip() or line.strip() == b"`":
            continue
        try:
            out += binascii.a2b_uu(line)
            good += 1
        except binascii.Error:
            # Encoders that pad the last group wrongly: take as many characters as the count says.
            usable = (((line[0] - 32) & 63) * 4 + 5) // 3
            try:
                out += binascii.a2b_uu(line[:usable])
                good += 1
            except binascii.Error:
                bad += 1
    return bytes(out) if good and bad <= good // 10 else None
