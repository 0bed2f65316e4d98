"""Values with parameters (Content-Type, Content-Disposition), read in linear time.

RFC 2045 §5.1 and RFC 2231, and what is found in the wild: encoded words in quotes, raw 8-bit
names, missing quotes. The standard library needs seconds for a header of semicolons.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote_to_bytes

from plugins.email.charsets import decode_text, one_line
from plugins.email.encoded_words import decode_header

_MOST_PARAMETERS = 200
_CONTINUED = re.compile(r"^(.+?)\*(\d{1,4})?(\*)?$")


def split_value(header: bytes) -> tuple[str, dict[str, bytes]]:
    """Split a header into its value, lower case, and its raw parameters by lower-case name."""
    pieces = _pieces(header)
    value = next(pieces, b"").decode("latin-1").strip().strip("\"'").lower()
    raw: dict[str, bytes] = {}
    for number, piece in enumerate(pieces):
        if number >= _MOST_PARAMETERS:
            break
        name, mark, content = piece.partition(b"=")
        key = name.decode("latin-1").strip().lower()
        if mark and key and key not in raw:
            raw[key] = _unquote(content.strip())
    return value, raw


def text_of(raw: Mapping[str, bytes], name: str, *, hint: str = "") -> str:
    """Decode one parameter: the RFC 2231 form when there is one, else words or raw text."""
    extended = _extended(raw, name)
    if extended:
        return extended
    if name in raw:
        return decode_header(raw[name], hint=hint)
    return ""


def _extended(raw: Mapping[str, bytes], name: str) -> str:
    """Put ``name*0*=``, ``name*1=`` … together in the order of their numbers."""
    parts: list[tuple[int, bool, bytes]] = []
    for key, content in raw.items():
        match = _CONTINUED.match(key)
        if match and match.group(1) == name:
            parts.append(
                (int(match.group(2) or 0), bool(match.group(3) or not match.group(2)), content)
            )
    if not parts:
        return ""
    parts.sort(key=lambda part: part[0])
    charset = ""
    if parts[0][1]:
        declared, mark, rest = parts[0][2].partition(b"'")
        language_and_text = rest.partition(b"'")
        if mark and language_and_text[1]:
            charset = declared.decode("latin-1")
            parts[0] = (parts[0][0], True, language_and_text[2])
    joined = b"".join(unquote_to_bytes(text) if is_coded else text for _, is_coded, text in parts)
    if not charset and b"=?" in joined:
        return decode_header(joined)
    return one_line(decode_text(joined, charset, detect=False))


def _pieces(header: bytes) -> Iterator[bytes]:
    """Cut at semicolons that stand outside of quotes."""
    start = 0
    quoted = False
    position = 0
    for match in re.finditer(rb'\\.|"|;', header, re.DOTALL):
        token = match.group()
        position = match.start()
        if token == b'"':
            quoted = not quoted
        elif token == b";" and not quoted:
            yield header[start:position]
            start = position + 1
    yield header[start:]


def _unquote(content: bytes) -> bytes:
    if not content.startswith(b'"'):
        return content
    end = content.rfind(b'"')
    inner = content[1:end] if end > 0 else content[1:]
    # Only \" and \\ are escapes in practice: C:\TEMP\x is a path somebody forgot to quote.
    return inner.replace(b'\\"', b'"').replace(b"\\\\", b"\\")
