"""Header values as people meant them: RFC 2047 words, also broken ones, and raw 8-bit text."""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

from plugins.email.charsets import clean_text, decode_text, one_line
from plugins.email.transfer import decode_base64

_NOT_BLANK = re.compile(rb"[^ \t\r\n]")
_LONGEST_CHARSET = 40


@dataclass(frozen=True, kw_only=True)
class _Word:
    """One stretch of a header: bytes with the charset they claim; encoded or as they came."""

    content: bytes
    charset: str
    encoded: bool


def decode_header(value: bytes, *, hint: str = "") -> str:
    """Decode a raw header value to one line of text.

    *hint* is the charset to suppose for raw 8-bit characters that are not UTF-8 (the body's
    charset is a good one). Neighbouring words of one charset are joined before they are decoded:
    many senders cut a character in the middle.
    """
    out: list[str] = []
    pending = b""
    charset = ""
    for word in _words(value):
        if word.encoded and pending and word.charset.lower() == charset.lower():
            pending += word.content
            continue
        if pending:
            out.append(decode_text(pending, charset, detect=False))
        pending, charset = (word.content, word.charset) if word.encoded else (b"", "")
        if not word.encoded:
            out.append(decode_text(word.content, hint, detect=False))
    if pending:
        out.append(decode_text(pending, charset, detect=False))
    return one_line(clean_text("".join(out)))


def _words(value: bytes) -> list[_Word]:
    words: list[_Word] = []
    position = 0
    while True:
        start = value.find(b"=?", position)
        word, end = _read_word(value, start) if start >= 0 else (None, 0)
        if word is None:
            if start >= 0:
                _add_raw(words, value[position : start + 2], is_last=False)
                position = start + 2
                continue
            _add_raw(words, value[position:], is_last=True)
            return words
        _add_raw(words, value[position:start], is_last=False)
        words.append(word)
        position = end


def _add_raw(words: list[_Word], content: bytes, *, is_last: bool) -> None:
    """Add what stands between words; mere white space there is part of the encoding."""
    if not content:
        return
    after_word = bool(words) and words[-1].encoded
    if after_word and not is_last and not _NOT_BLANK.search(content):
        return
    words.append(_Word(content=content, charset="", encoded=False))


def _read_word(value: bytes, start: int) -> tuple[_Word | None, int]:
    """Read ``=?charset?q?text?=`` at *start*; the end mark may be missing at the very end."""
    charset_end = value.find(b"?", start + 2, start + 2 + _LONGEST_CHARSET)
    if charset_end < 0 or value[charset_end + 2 : charset_end + 3] != b"?":
        return None, start
    charset = value[start + 2 : charset_end].split(b"*")[0].decode("latin-1").strip()
    kind = value[charset_end + 1 : charset_end + 2].lower()
    text_start = charset_end + 3
    end = value.find(b"?=", text_start)
    text, after = (value[text_start:end], end + 2) if end >= 0 else (value[text_start:], len(value))
    if kind == b"b":
        content = decode_base64(text)
    elif kind == b"q":
        content = binascii.a2b_qp(text.replace(b"\r", b"").replace(b"\n", b""), header=True)
    else:
        return None, start
    return _Word(content=content, charset=charset, encoded=True), after
