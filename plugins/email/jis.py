"""ISO-2022-JP as mail really holds it: with the vendors' characters (①, ㈱) Python refuses."""

from __future__ import annotations

import re

_ESCAPES = re.compile(rb"\x1b(\$@|\$B|\$A|\$\(C|\$\(D|\([BJIH])")
_TWO_BYTES = frozenset({b"$@", b"$B"})
_HALF_WIDTH = b"(I"
_CODECS = {b"$A": "gb2312", b"$(C": "euc_kr", b"$(D": "euc_jp"}
_LEAD_OF_SUPPLEMENT = b"\x8f"
_HIGH_BIT = 0x80
_FIRST, _LAST = 0x21, 0x7E  # the codes of ISO 2022 sets
# Where Shift JIS leaves gaps: after row 0x5E, and at the code of DEL.
_ROW_GAP, _CODE_GAP = 0x5F, 0x60


def decode_jis(content: bytes) -> str:
    """Decode text with ISO 2022 escape sequences; what is no code becomes a replacement mark."""
    pieces = _ESCAPES.split(content)
    out = [_plain(pieces[0])]
    for escape, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        out.append(_decode_set(escape, piece))
    return "".join(out)


def _decode_set(escape: bytes, piece: bytes) -> str:
    if escape in _TWO_BYTES:
        return _to_cp932(piece).decode("cp932", "replace")
    if escape == _HALF_WIDTH:
        return bytes(code | _HIGH_BIT for code in piece).decode("cp932", "replace")
    if escape in _CODECS:
        lead = _LEAD_OF_SUPPLEMENT if escape == b"$(D" else b""
        codes = b"".join(lead + bytes((a | _HIGH_BIT, b | _HIGH_BIT)) for a, b in _pairs(piece))
        return codes.decode(_CODECS[escape], "replace")
    return _plain(piece)


def _plain(piece: bytes) -> str:
    return piece.decode("utf-8", "replace")


def _to_cp932(piece: bytes) -> bytes:
    """Move two-byte JIS codes to their place in Shift JIS; a line break at the end stays."""
    out = bytearray()
    for row, code in _pairs(piece):
        out.append(((row - _FIRST) >> 1) + (0x81 if row < _ROW_GAP else 0xC1))
        out.append(code + ((0x1F if code < _CODE_GAP else 0x20) if row % 2 else 0x7E))
    return bytes(out) + piece[len(piece.rstrip(b"\r\n")) :]


def _pairs(piece: bytes) -> list[tuple[int, int]]:
    codes = [code & 0x7F for code in piece if _FIRST <= code & 0x7F <= _LAST]
    return list(zip(codes[::2], codes[1::2], strict=False))
