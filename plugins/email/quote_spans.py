"""Where a message quotes: stretches of lines, found by marks, signs and attributions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from plugins.email.marks import (
    ends_with_colon,
    find_attribution,
    find_header_block,
    is_forward_line,
    is_original_line,
    is_separator,
    is_sure_attribution,
)
from plugins.email.markup import Mark

_BLANKS_BEFORE_QUOTE = 3
_WRAPPED_LENGTH = 40
_BLANKS_BELOW_RULE = 2
# ">" of most programs; The Bat! puts the author's initials before it.
_QUOTE_SIGN = re.compile(r"[A-Z]{0,3}[>＞]")


@dataclass(frozen=True, kw_only=True)
class Span:
    """Quoted lines from *start* up to *end*; attributed when somebody is named as the author."""

    start: int
    end: int
    attributed: bool


@dataclass(kw_only=True)
class Draft:
    """The lines while they are being judged."""

    lines: Sequence[str]
    marks: Sequence[Mark]
    folded: list[bool] = field(default_factory=list)

    def fold(self, start: int, end: int) -> None:
        """Mark these lines as quoted."""
        self.folded[start:end] = [True] * (end - start)

    def is_quote(self, index: int) -> bool:
        """Whether a line bears a sign of quoting, or stands in what the client calls a quote."""
        line = self.lines[index].lstrip()
        return bool(_QUOTE_SIGN.match(line)) or self.marks[index] is Mark.QUOTED

    def has_words(self, start: int, end: int) -> bool:
        """Whether unfolded words stand in these lines."""
        return any(
            self.lines[index].strip()
            and not self.folded[index]
            and not is_separator(self.lines[index])
            for index in range(start, end)
        )


def find_spans(draft: Draft, limit: int) -> tuple[list[Span], int | None]:
    """Find the quoted stretches, and from where all the rest is quoted (None: nowhere)."""
    spans: list[Span] = []
    index = done = 0
    said = limit  # the first line so far that somebody wrote
    while index < limit:
        line = draft.lines[index]
        if not line.strip():
            index += 1
            continue
        if is_forward_line(line):
            return spans, None
        if draft.is_quote(index) or _starts_citation(draft, index, done):
            if _forwards_in_quote(draft, index, limit):
                return spans, None
            span = _run(draft, index, done, limit)
            spans.append(span)
            index = done = span.end
            said = limit if said >= span.start else said
            continue
        start = _rest_starts(draft, index, done, limit)
        if start is not None and said < start:
            return spans, start
        if start is not None and ends_with_colon(line):
            # What was written stands below the attribution: only that line is folded.
            spans.append(Span(start=start, end=index + 1, attributed=True))
            done = index + 1
            said = limit
        elif not is_separator(line):
            said = min(said, index)
        index += 1
    return spans, None


def _forwards_in_quote(draft: Draft, index: int, limit: int) -> bool:
    """Whether the quote is Apple's way of forwarding: its first words say so."""
    for line in draft.lines[index : min(limit, index + 3)]:
        if line.strip(" >\t"):
            return is_forward_line(line)
    return False


def _starts_citation(draft: Draft, index: int, done: int) -> bool:
    """Whether a plain ``<blockquote>`` or lines of ``|`` begin here, with an author named above."""
    line = draft.lines[index].lstrip()
    if draft.marks[index] is not Mark.CITED and not line.startswith(("| ", "|\t")) and line != "|":
        return False
    return _lead(draft, index, done) is not None


def _run(draft: Draft, index: int, done: int, limit: int) -> Span:
    """Take the whole quote that begins at *index*, with the attribution above it."""
    lead = _lead(draft, index, done)
    cited = draft.marks[index] is Mark.CITED
    bar = draft.lines[index].lstrip().startswith("|")

    def belongs(at: int) -> bool:
        if draft.is_quote(at) or (cited and draft.marks[at] >= Mark.CITED):
            return True
        return bar and draft.lines[at].lstrip().startswith("|")

    marked = draft.marks[index] is Mark.QUOTED
    end = index + 1
    while end < limit:
        if belongs(end):
            end += 1
            continue
        # A blank or a short wrapped line inside a quote belongs to it; two lines do not, and
        # markup wraps nothing: words between two of its quotes are an answer.
        further = next((at for at in range(end, min(limit, end + 4)) if belongs(at)), None)
        between = draft.lines[end : further or end]
        words = [line for line in between if line.strip()]
        if further is None or len(words) > 1:
            break
        is_markup = marked or cited
        if words and (is_markup or len(words[0]) > _WRAPPED_LENGTH or len(between) > 1):
            break
        end = further + 1
    return Span(
        start=index if lead is None else lead, end=end, attributed=marked or lead is not None
    )


def _lead(draft: Draft, index: int, done: int) -> int | None:
    """Find the attribution above a quote, over at most three blank lines."""
    at = index - 1
    while at >= done and not draft.lines[at].strip() and index - at <= _BLANKS_BEFORE_QUOTE + 1:
        at -= 1
    if at < done or not draft.lines[at].strip():
        return None
    start = find_attribution(draft.lines, at, done, needs_colon=False)
    if start is not None and is_separator(draft.lines[max(done, start - 1)]) and start - 1 >= done:
        return start - 1
    return start


def _rest_starts(draft: Draft, index: int, done: int, limit: int) -> int | None:
    """Say whether everything from about here on is an original without quote marks."""
    line = draft.lines[index]
    if is_original_line(line):
        return index
    if find_header_block(draft.lines, index) is not None:
        return _with_separator(draft, index, done)
    start = find_attribution(draft.lines, index, done, needs_colon=True)
    if start is None or not is_sure_attribution(draft.lines, start, index):
        return None
    following = range(index + 1, min(limit, index + 2 + _BLANKS_BEFORE_QUOTE))
    below = next((at for at in following if draft.lines[at].strip()), None)
    if below is not None and (draft.is_quote(below) or draft.marks[below] is Mark.CITED):
        return None
    return start


def _with_separator(draft: Draft, index: int, done: int) -> int:
    """Take the rule above a header block into the quote (Outlook's underscores)."""
    at = index - 1
    while at >= done and not draft.lines[at].strip() and index - at <= _BLANKS_BELOW_RULE:
        at -= 1
    return at if at >= done and is_separator(draft.lines[at]) else index
