"""Recognise single lines and small blocks that clients print above what they quote or forward."""

from __future__ import annotations

import re
from collections.abc import Sequence

from plugins.email import phrases

_LONGEST_LINE = 500
_LONGEST_ATTRIBUTION = 400
_ATTRIBUTION_LINES = 4
_LONGEST_HEADER = 2000
_MENTION = 100
_WRAPPED_LINES = 2
_SURE_KINDS = 3
_SIGNS = 2
_DATE = re.compile(
    r"\d{1,2}\s?[:.h時点시]\s?\d{2}|(?<!\d)(?:19|20)\d{2}(?!\d)|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d\s?[年月日년월일]|\d{1,2}\.? ?\w{3,9}\.? ?'?\d{2,4}"
)
_ADDRESS = re.compile(r"[^\s<>@]{1,100}@[^\s<>@]{1,200}")
_WROTE = re.compile(
    rf"(?i)(?<!\w)(?:{phrases.WROTE})(?!\w)|写道|寫道|写到|のメール|書きました|작성"
)
_BEGINS = re.compile(rf"(?i)^\W{{0,5}}(?:{phrases.BEGINS})\s")
_ENDS_WITH_COLON = re.compile(
    r"[:：][\s*_>\"'”»]{0,5}$|^[\s>]{0,9}-{2,}.{5,}[^-]-{2,}\s*$|^\W{0,5}On\s.*\swrote\s*$"
)
_GMAIL_DATE = re.compile(r"^\d{4}-\d\d-\d\d \d{1,2}:\d\d GMT[+-]\d\d:\d\d \S")
_ORIGINAL = re.compile(
    rf"(?i)^[\s>*|]{{0,10}}(?:[-_=]{{2,}}\s*|\*+\s*)(?:{phrases.ORIGINAL})\s*(?::|[^\n]{{0,60}}?[-_=]{{2,}}|\*+)?[\s*:]{{0,5}}$"
)
_FORWARDED = re.compile(
    rf"(?i)^[\s>*|]{{0,20}}(?P<before>[-_=~]{{2,}}\s*|\()?(?:{phrases.FORWARDED})(?!\w)(?P<after>[^\n]{{0,450}})$"
)
_SEPARATOR = re.compile(r"^[\s>*|]{0,10}[_\-=*─━]{5,}\s*$")
_PREFIX = re.compile(r"^[\s>|*_•·]{0,30}")
_HEADER_KINDS = ("from", "sent", "to", "cc", "subject")
_HEADER = re.compile(
    r"(?i)^(?:"
    + "|".join(
        rf"(?P<{kind}>{words})"
        for kind, words in zip(
            _HEADER_KINDS,
            (phrases.FROM, phrases.SENT, phrases.TO, phrases.CC, phrases.SUBJECT),
            strict=True,
        )
    )
    + r")[\s*_ ]{0,4}[:：][\s*_ ]{0,10}(?P<value>.*)$"
)
_HEADER_WINDOW = 14


def ends_with_colon(line: str) -> bool:
    """Whether a line announces something: a colon at its end, or dashes around it."""
    return bool(_ENDS_WITH_COLON.search(line[-_LONGEST_LINE:]))


def is_separator(line: str) -> bool:
    """Whether a line is nothing but a rule."""
    return len(line) < _LONGEST_LINE and bool(_SEPARATOR.match(line))


def is_original_line(line: str) -> bool:
    """Whether a line is ``-----Original Message-----`` in any language."""
    return len(line) < _LONGEST_LINE and bool(_ORIGINAL.match(line))


def is_forward_line(line: str) -> bool:
    """Whether a line says that a forwarded message follows; a mention in a sentence is none."""
    if len(line) > _LONGEST_LINE:
        return False
    match = _FORWARDED.match(line)
    if match is None:
        return False
    after = match.group("after").strip()
    if match.group("before"):
        return True
    return len(after) < _MENTION and (not after or after.endswith((":", "-", "：", ")")))


def find_attribution(
    lines: Sequence[str], last: int, first: int, *, needs_colon: bool
) -> int | None:
    """Find where ``On …, X wrote:`` ending at line *last* begins, not above *first*.

    It may be broken over up to four lines. Needs a date, and the verb or an address.
    """
    if _GMAIL_DATE.match(lines[last]):
        return last
    if needs_colon and not ends_with_colon(lines[last]):
        return None
    weak: int | None = None
    joined = ""
    for start in range(last, max(first, last - _ATTRIBUTION_LINES + 1) - 1, -1):
        line = lines[start].strip()
        if not line or len(line) > _LONGEST_ATTRIBUTION or is_separator(line):
            break
        joined = f"{line} {joined}"
        if len(joined) > _LONGEST_ATTRIBUTION:
            break
        speaks = bool(_WROTE.search(joined))
        if _DATE.search(_ADDRESS.sub("@", joined)) and (speaks or _ADDRESS.search(joined)):
            return _with_beginning(lines, start, first)
        if weak is None and speaks and _ADDRESS.search(joined):
            weak = start
    return weak if weak is None else _with_beginning(lines, weak, first)


def is_sure_attribution(lines: Sequence[str], start: int, last: int) -> bool:
    """Whether the lines are an attribution even when what follows bears no quote mark."""
    joined = " ".join(line.strip() for line in lines[start : last + 1])
    if _GMAIL_DATE.match(joined):
        return True
    if not ends_with_colon(joined):
        return False
    dated = bool(_DATE.search(_ADDRESS.sub("@", joined)))
    if _WROTE.search(joined):
        return dated or bool(_ADDRESS.search(joined))
    return (
        dated
        and bool(_ADDRESS.search(joined))
        and bool(re.match(r"\W{0,5}\d|[^\W\d]{2,12}\W{1,3}\d", joined))
    )


def find_header_block(lines: Sequence[str], at: int) -> int | None:
    """Say where a printed header block (From, Sent, To, Subject) starting at *at* ends.

    Three kinds of headers, or sender and date or subject with an address; None when it is no
    block. A header's value may run on for two lines.
    """
    if header_kind(lines[at]) is None:
        return None
    kinds: dict[str, str] = {}
    last = at
    for index in range(at, min(len(lines), at + _HEADER_WINDOW)):
        kind = header_kind(lines[index])
        if kind:
            kinds.setdefault(kind, lines[index])
            last = index
        elif index - last > _WRAPPED_LINES:
            break
    if "from" not in kinds:
        return None
    addressed = any(_ADDRESS.search(line) for line in lines[at : last + 1])
    dated = "sent" in kinds or "subject" in kinds
    signs = addressed + dated + (len(kinds) >= _SURE_KINDS)
    return last if signs >= _SIGNS else None


def header_kind(line: str) -> str | None:
    """Which header of a printed block a line is: from, sent, to, cc, subject; None for others."""
    match = _header(line)
    return match.lastgroup if match and match.lastgroup != "value" else _kind(match)


def header_value(line: str) -> str:
    """Return what stands behind the name of a printed header."""
    match = _header(line)
    return match.group("value").strip() if match else ""


def _header(line: str) -> re.Match[str] | None:
    if len(line) > _LONGEST_HEADER:
        return None
    bare = (
        _PREFIX.sub("", line, count=1)
        .replace("\u00a0", " ")
        .replace("\u200f", "")
        .replace("\u200e", "")
    )
    return _HEADER.match(bare)


def _kind(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    return next((kind for kind in _HEADER_KINDS if match.group(kind)), None)


def _with_beginning(lines: Sequence[str], start: int, first: int) -> int:
    """Take in the line above when it is the beginning: ``On Wed, Oct 8,`` / ``2014 X wrote:``."""
    if start > first and not _BEGINS.match(lines[start]):
        above = lines[start - 1].strip()
        if (
            0 < len(above) < _MENTION
            and _BEGINS.match(above)
            and (above[-1].isalnum() or above[-1] in ",>")
        ):
            return start - 1
    return start
