"""The tree of parts of a mail, cut in linear time within hard limits.

The standard library's parsers are recursive and quadratic on hostile mail (CVE-class faults with
900 bytes of header); here every limit is met before anything is interpreted. Bodies are slices of
the one raw buffer and are decoded only when somebody asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from deskcore.api import N_
from plugins.email.charsets import codec_name
from plugins.email.headers import Headers, read_headers
from plugins.email.parameters import split_value, text_of
from plugins.email.transfer import decode_transfer

MAX_PARTS = 500
MAX_LEVELS = 20
_LONGEST_BOUNDARY = 300
_TOO_DEEP = N_("Parts nested deeper than 20 levels were left as they are.")
_TOO_MANY = N_("Only the first 500 parts were read.")
_GUESS_WINDOW = 65536
_TYPE = re.compile(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}")
_DELIMITER_TAIL = re.compile(rb"(--)?[ \t]*(?:\r?\n|\r|\Z)")
_FIRST_DELIMITER = re.compile(rb"(?m)^--([^\r\n]{1,300}?)[ \t]*\r?$")


@dataclass(kw_only=True, eq=False)
class Part:
    """One node: its headers, its type and its bytes as they came (``body`` is not decoded)."""

    headers: Headers
    content_type: str
    type_parameters: dict[str, bytes]
    disposition: str
    disposition_parameters: dict[str, bytes]
    raw: bytes = field(repr=False)
    start: int
    end: int
    children: list[Part] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        """The bytes below the headers, still encoded for transport."""
        return self.raw[self.start : self.end]

    @property
    def content(self) -> bytes:
        """The body with its transfer encoding undone."""
        return decode_transfer(self.body, self.headers.text("content-transfer-encoding"))

    @property
    def charset(self) -> str:
        """The charset the sender declares; may be any nonsense."""
        return text_of(self.type_parameters, "charset")

    @property
    def main_type(self) -> str:
        """The type before the slash."""
        return self.content_type.partition("/")[0]

    def parameter(self, name: str) -> str:
        """Return one parameter of the content type, decoded; empty when it is not given."""
        return text_of(self.type_parameters, name)

    def walk(self) -> Iterator[Part]:
        """Yield this part and all below it, in the order of the mail."""
        stack = [self]
        while stack:
            part = stack.pop()
            yield part
            stack.extend(reversed(part.children))


@dataclass(frozen=True, kw_only=True)
class Tree:
    """A mail cut into parts, with what had to be left uncut, in words."""

    root: Part
    warnings: tuple[str, ...]


def read_tree(raw: bytes) -> Tree:
    """Cut a mail into its parts. Total: any bytes give a tree, at worst one part of text."""
    warnings: list[str] = []
    root = _read_part(raw, 0, len(raw), warnings, default="text/plain")
    todo = [(root, 1)]
    parts = 1
    while todo:
        part, level = todo.pop(0)
        if part.main_type != "multipart":
            continue
        spans = _split(part)
        if not spans:
            _become_text(part)
            continue
        if level >= MAX_LEVELS:
            _warn(warnings, _TOO_DEEP)
            part.content_type = "application/octet-stream"
            continue
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for start, end in spans:
            if parts >= MAX_PARTS:
                _warn(warnings, _TOO_MANY)
                break
            parts += 1
            child = _read_part(raw, start, end, warnings, default=default)
            part.children.append(child)
            todo.append((child, level + 1))
    _hint_headers(root)
    return Tree(root=root, warnings=tuple(warnings))


def _read_part(raw: bytes, start: int, end: int, warnings: list[str], *, default: str) -> Part:
    headers, body_start, cuts = read_headers(raw, start, end)
    for cut in cuts:
        _warn(warnings, cut)
    value, parameters = split_value(headers.raw("content-type"))
    disposition, disposition_parameters = split_value(headers.raw("content-disposition"))
    if not _TYPE.fullmatch(value):
        value = "text/plain" if value in ("text", "plain") else default
        if headers.raw("content-type") and default != "text/plain":
            value = "application/octet-stream"
    return Part(
        headers=headers,
        content_type=value,
        type_parameters=parameters,
        disposition=disposition,
        disposition_parameters=disposition_parameters,
        raw=raw,
        start=body_start,
        end=end,
    )


def _split(part: Part) -> list[tuple[int, int]]:
    """Find where the children of a multipart lie; empty when there is no such cut."""
    boundary = _boundary(part)
    spans = _spans(part, boundary) if boundary else []
    if spans:
        return spans
    guess = _FIRST_DELIMITER.search(
        part.raw[part.start : min(part.end, part.start + _GUESS_WINDOW)]
    )
    if guess is None or not guess.group(1).strip(b"-"):
        return []
    return _spans(part, guess.group(1))


def _boundary(part: Part) -> bytes:
    """Return the boundary's bytes, also when it is cut in RFC 2231 pieces (FreeScout #4567)."""
    boundary = part.type_parameters.get("boundary", b"")
    if not boundary:
        boundary = part.parameter("boundary").encode("utf-8", "replace")
    return boundary.rstrip()[:_LONGEST_BOUNDARY]


def _spans(part: Part, boundary: bytes) -> list[tuple[int, int]]:
    raw, end = part.raw, part.end
    mark = b"--" + boundary
    spans: list[tuple[int, int]] = []
    opened = -1
    at = part.start
    while (at := raw.find(mark, at, end)) >= 0:
        tail = _DELIMITER_TAIL.match(raw, at + len(mark), end)
        at_line_start = at == part.start or raw[at - 1 : at] in (b"\n", b"\r")
        if tail is None or not at_line_start:
            at += 1
            continue
        if opened >= 0:
            spans.append((opened, _before_line_break(raw, opened, at)))
            if len(spans) > MAX_PARTS:
                return spans
        # Text after a closing mark is dropped unless another part follows (seen in the wild).
        opened = -1 if tail.group(1) else tail.end()
        at = max(tail.end() - 1, at + len(mark))
    if opened >= 0:
        spans.append((opened, end))
    return spans


def _before_line_break(raw: bytes, start: int, at: int) -> int:
    """Leave out the line break before a delimiter, which belongs to it (RFC 2046 §5.1.1)."""
    if raw[at - 2 : at] == b"\r\n":
        return max(start, at - 2)
    return max(start, at - 1)


def _become_text(part: Part) -> None:
    """Show the text of a multipart that has no parts, rather than nothing."""
    body = part.body.lstrip()[:200].lower()
    part.content_type = (
        "text/html" if body.startswith((b"<html", b"<!doctype html")) else "text/plain"
    )


def _hint_headers(root: Part) -> None:
    """Let the first text's charset decide about raw 8-bit characters in headers."""
    for part in root.walk():
        if part.main_type == "text" and codec_name(part.charset):
            root.headers.hint = part.charset
            return


def _warn(warnings: list[str], sentence: str) -> None:
    if sentence not in warnings:
        warnings.append(sentence)
