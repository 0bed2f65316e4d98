"""The header block of a mail or a part: cut to bounds, unfolded, decoded on demand."""

from __future__ import annotations

import re

from deskcore.api import N_
from plugins.email.charsets import one_line
from plugins.email.encoded_words import decode_header

MAX_BLOCK_BYTES = 256 * 1024
MAX_HEADER_BYTES = 32 * 1024
_MAX_SHOWN = 8000
_FIELD = re.compile(rb"([\x21-\x39\x3b-\x7e]{1,100})[ \t]*:(.*)", re.DOTALL)
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_PARAMETER = re.compile(rb"[A-Za-z0-9*_-]{1,40}=")
_BLANK = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)")
_WELL_KNOWN = re.compile(
    rb"(?i)(?:content-[a-z-]+|mime-version|from|to|cc|subject|date|message-id|received|reply-to"
    rb"|return-path|references|in-reply-to|delivered-to|sender|x-[a-z0-9-]+|dkim-signature):"
)
_BLOCK_CUT = N_("The header block is over 256 KB; the rest of it was not read.")
_HEADER_CUT = N_("A header over 32 KB was cut.")


class Headers:
    """Fields in their order; names in lower case, values as bytes until they are asked for.

    ``hint`` is the charset to suppose for raw 8-bit characters.
    """

    def __init__(self, fields: list[tuple[str, bytes]]) -> None:
        self.hint = ""
        self._by_name: dict[str, list[bytes]] = {}
        for name, value in fields:
            self._by_name.setdefault(name, []).append(value)

    def __contains__(self, name: str) -> bool:
        return name in self._by_name

    def raw(self, name: str) -> bytes:
        """Return the first field of this name that is not empty, unfolded; else nothing."""
        return next((value for value in self._by_name.get(name, ()) if value), b"")

    def all_raw(self, name: str) -> list[bytes]:
        """Return all fields of this name, unfolded."""
        return self._by_name.get(name, [])

    def text(self, name: str) -> str:
        """Return the first field of this name as one line of text."""
        return decode_header(self.raw(name), hint=self.hint)

    def all_text(self, name: str) -> list[str]:
        """Return all fields of this name, each as one line of text."""
        return [decode_header(value, hint=self.hint) for value in self.all_raw(name)]

    def names(self) -> list[str]:
        """Return the names that occur, in lower case."""
        return list(self._by_name)


def read_headers(raw: bytes, start: int, end: int) -> tuple[Headers, int, list[str]]:
    """Read the block at *start*: the headers, where the body begins, what was cut, in words.

    A line that is no header ends the block, as if the blank line before the body were missing;
    but a stray parameter or a broken line between two headers does not.
    """
    position = _skip_envelope(raw, start, end)
    limit = min(end, position + MAX_BLOCK_BYTES)
    block = _Block()
    while position < limit:
        match = _LINE.match(raw, position, limit)
        line = match.group() if match else b""
        if not line.strip():
            return block.headers(), position + len(line), block.cuts
        if not block.take(line.rstrip(b"\r\n")) and not _header_follows(
            raw, position + len(line), limit
        ):
            return block.headers(), position, block.cuts
        position += max(1, len(line))
    if position < end:
        block.cut(_BLOCK_CUT)
        blank = _BLANK.search(raw, position, end)
        position = blank.end() if blank else end
    return block.headers(), position, block.cuts


def headers_of(content: bytes) -> Headers:
    """Read the headers of a mail that lies in another one (an attached or returned mail)."""
    return read_headers(content, 0, len(content))[0]


def shown(headers: Headers, names: frozenset[str]) -> dict[str, str]:
    """Decode the named fields for people: one line each, several of a name joined by commas."""
    return {
        name: one_line(", ".join(headers.all_text(name)))[:_MAX_SHOWN]
        for name in headers.names()
        if name in names
    }


class _Block:
    """Collects the lines of a header block into whole fields."""

    def __init__(self) -> None:
        self.cuts: list[str] = []
        self._fields: list[list[bytes]] = []
        self._room = 0

    def take(self, line: bytes) -> bool:
        """Add a line to the field it belongs to; False when it is no part of a header block."""
        if line[:1] in (b" ", b"\t") or self._continues(line):
            if self._fields:
                self._append(line)
            return True
        if not _FIELD.match(line):
            return False
        self._fields.append([])
        self._room = MAX_HEADER_BYTES
        self._append(line)
        return True

    def cut(self, sentence: str) -> None:
        if sentence not in self.cuts:
            self.cuts.append(sentence)

    def headers(self) -> Headers:
        fields: list[tuple[str, bytes]] = []
        for lines in self._fields:
            match = _FIELD.match(b"".join(lines))
            if match:
                fields.append((match.group(1).decode("ascii").lower(), match.group(2).strip()))
        return Headers(fields)

    def _continues(self, line: bytes) -> bool:
        """Whether a line lost the blank it should start with: a parameter after a semicolon."""
        if not self._fields or not self._fields[-1]:
            return False
        return self._fields[-1][-1].rstrip().endswith(b";") and bool(_PARAMETER.match(line))

    def _append(self, line: bytes) -> None:
        if len(line) > self._room:
            self.cut(_HEADER_CUT)
        if self._room:
            self._fields[-1].append(line[: self._room])
        self._room -= min(len(line), self._room)


def _skip_envelope(raw: bytes, start: int, end: int) -> int:
    """Skip an mbox ``From `` line, and blank lines before the first header of a whole mail."""
    if start:
        return start
    while start < end and raw[start : start + 1] in (b"\r", b"\n"):
        start += 1
    if raw.startswith((b"From ", b">From "), start):
        line_end = raw.find(b"\n", start, end)
        return line_end + 1 if line_end >= 0 else start
    return start


def _header_follows(raw: bytes, position: int, limit: int) -> bool:
    """Whether a well-known header stands right after a broken line."""
    following = _LINE.match(raw, position, limit)
    return following is not None and bool(_WELL_KNOWN.match(following.group()))
