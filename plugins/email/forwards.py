"""Who wrote a forwarded message first: the header block of the outermost forward.

Only a hint for the desk: whether it may be used depends on who forwarded it (agents only).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from deskcore.api import Address, InboundFile
from plugins.email.addresses import addresses_in, canonical, parse_addresses, read_addresses
from plugins.email.headers import headers_of
from plugins.email.marks import (
    ends_with_colon,
    find_attribution,
    find_header_block,
    header_kind,
    header_value,
    is_forward_line,
    is_sure_attribution,
)
from plugins.email.phrases import FORWARD_PREFIX, REPLY_PREFIX

_MAX_LINES = 2000
_BLOCK_AFTER_MARK = 8
_FEW_WORDS = 200
_MAILTO = re.compile(r"\[mailto:([^\]\s]{3,320})\]|<mailto:([^>\s]{3,320})>")


def is_forward_subject(subject: str) -> bool:
    """Whether the outermost prefix of the subject says "forwarded"."""
    return bool(FORWARD_PREFIX.match(subject)) and not REPLY_PREFIX.match(subject)


def is_reply_subject(subject: str) -> bool:
    """Whether the outermost prefix of the subject says "answer"."""
    return bool(REPLY_PREFIX.match(subject))


def original_sender(
    subject: str, lines: Sequence[str], files: Sequence[InboundFile]
) -> Address | None:
    """Name the author of what this mail forwards, inline or attached; None when it does not."""
    forwarded = is_forward_subject(subject)
    inline = _inline_author(lines[:_MAX_LINES], any_block=forwarded)
    if inline is not None:
        return inline
    mails = [file for file in files if file.content_type == "message/rfc822"]
    said = sum(len(line.strip()) for line in lines[:_MAX_LINES])
    if len(mails) == 1 and (forwarded or said < _FEW_WORDS):
        return next(iter(read_addresses(headers_of(mails[0].content), "from")), None)
    return None


def _inline_author(lines: Sequence[str], *, any_block: bool) -> Address | None:
    marked = next((at for at, line in enumerate(lines) if is_forward_line(line)), None)
    if marked is not None:
        # Yahoo prints the whole block behind the mark, on one line.
        if found := addresses_in(lines[marked]):
            return _address(re.split(r"[-_]{3,}", lines[marked])[-1]) or Address(value=found[0])
        window = range(marked + 1, min(len(lines), marked + 1 + _BLOCK_AFTER_MARK))
    elif any_block:
        window = range(len(lines))
    else:
        return None
    for index in window:
        end = find_header_block(lines, index)
        if end is not None:
            return _author_in(lines[index : end + 3])
    return _attributed_author(lines) if any_block and marked is None else None


def _attributed_author(lines: Sequence[str]) -> Address | None:
    """Read the author off ``On …, X <x@y> wrote:``, which some programs put above a forward."""
    for index, line in enumerate(lines):
        if "@" not in line and not ends_with_colon(line):
            continue
        start = find_attribution(lines, index, 0, needs_colon=True)
        if start is not None and is_sure_attribution(lines, start, index):
            found = addresses_in(" ".join(lines[start : index + 1]))
            return Address(value=found[0]) if found else None
    return None


def _author_in(block: Sequence[str]) -> Address | None:
    """Read the sender's line; its address may stand on the line below (Outlook wraps)."""
    for index, line in enumerate(block):
        if header_kind(line) != "from":
            continue
        value = header_value(line)
        below = block[index + 1] if index + 1 < len(block) else ""
        if "@" not in value and "@" in below and header_kind(below) is None:
            value = f"{value} {below.strip(' >')}"
        return _address(value)
    return None


def _address(value: str) -> Address | None:
    mailto = _MAILTO.search(value)
    if mailto:
        address = canonical(mailto.group(1) or mailto.group(2))
        name = value[: mailto.start()].partition("<")[0].strip(" \"'*<")
        return Address(value=address, name="" if "@" in name else name) if address else None
    parsed = parse_addresses(_next_header_cut(value.replace("*", "")).encode("utf-8"))
    if parsed:
        return parsed[0]
    found = addresses_in(value)
    return Address(value=found[0]) if found else None


def _next_header_cut(value: str) -> str:
    """End at the first address in brackets: what follows may be the next header, glued on."""
    end = value.find(">")
    sender = value[: end + 1] if end > 0 else value
    kind = header_kind(sender.strip())
    return header_value(sender.strip()) if kind == "from" else sender
