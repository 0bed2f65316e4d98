"""Fold quotes and signatures of a reply, never delete: what is said first, what is quoted below.

No library decides these cases right, so the rules are our own (email.md §7 in short): answers
between the lines stay, forwards are content, and if folding would leave nothing, nothing is folded.
"""

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
from plugins.email.markup import Mark, MarkedText
from plugins.email.phrases import OWN_MARKER, SENT_FROM

MAX_LINES = 20_000
# ">" of most programs; The Bat! puts the author's initials before it.
_QUOTE_SIGN = re.compile(r"[A-Z]{0,3}[>＞]")
_SIGNATURE = re.compile(r"^\s{0,3}(?:--|—)\s{0,3}$")
_SIGNATURE_LINES = 15
_BLANKS_BEFORE_QUOTE = 3
_CODE_FENCE = "```"


@dataclass(frozen=True, kw_only=True)
class Split:
    """The two halves of a message; every line of the text is in one of them."""

    visible: str
    quoted: str


@dataclass(frozen=True, kw_only=True)
class _Span:
    """Quoted lines from *start* up to *end*; attributed when somebody is named as the author."""

    start: int
    end: int
    attributed: bool


@dataclass(kw_only=True)
class _Draft:
    """The lines while they are being judged."""

    lines: Sequence[str]
    marks: Sequence[Mark]
    folded: list[bool] = field(default_factory=list)

    def is_quote(self, index: int) -> bool:
        line = self.lines[index].lstrip()
        return bool(_QUOTE_SIGN.match(line)) or self.marks[index] is Mark.QUOTED

    def has_words(self, start: int, end: int) -> bool:
        """Whether unfolded words stand in these lines."""
        return any(
            self.lines[index].strip() and not self.folded[index] and not is_separator(self.lines[index])
            for index in range(start, end)
        )


def split_reply(text: MarkedText, *, is_reply: bool, is_forward: bool) -> Split:
    """Split a message into what its author wrote and what is folded below it.

    *is_reply* says that the mail answers another one; a first mail is cut less eagerly.
    *is_forward* says that its subject calls it forwarded: then all of it is content.
    """
    whole = "\n".join(text.lines).strip("\n")
    draft = _Draft(lines=text.lines, marks=text.marks, folded=[False] * len(text.lines))
    limit = min(len(text.lines), MAX_LINES)
    if is_forward:
        limit = 0
    spans, rest = _find_spans(draft, limit)
    _fold(draft, spans, rest, is_reply=is_reply)
    _fold_below_own_marker(draft)
    if not is_forward:
        _fold_signature(draft)
    if not draft.has_words(0, len(draft.lines)):
        return Split(visible=whole, quoted="")
    pairs = list(zip(draft.lines, draft.folded, strict=True))
    return Split(
        visible="\n".join(line for line, folded in pairs if not folded).strip("\n"),
        quoted="\n".join(line for line, folded in pairs if folded).strip("\n"),
    )


def _find_spans(draft: _Draft, limit: int) -> tuple[list[_Span], int | None]:
    """Find the quoted stretches, and from where all the rest is quoted (None: nowhere)."""
    spans: list[_Span] = []
    index = done = 0
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
            continue
        start = _rest_starts(draft, index, done, limit)
        if start is not None and _words_above(draft, spans, start):
            return spans, start
        if start is not None and ends_with_colon(line):
            # What was written stands below the attribution: only that line is folded.
            spans.append(_Span(start=start, end=index + 1, attributed=True))
            done = index + 1
        index += 1
    return spans, None


def _forwards_in_quote(draft: _Draft, index: int, limit: int) -> bool:
    """Whether the quote is Apple's way of forwarding: its first words say so."""
    for line in draft.lines[index : min(limit, index + 3)]:
        if line.strip(" >\t"):
            return is_forward_line(line)
    return False


def _starts_citation(draft: _Draft, index: int, done: int) -> bool:
    """Whether a plain ``<blockquote>`` or lines of ``|`` begin here, with an author named above."""
    line = draft.lines[index].lstrip()
    if draft.marks[index] is not Mark.CITED and not line.startswith(("| ", "|\t")) and line != "|":
        return False
    return _lead(draft, index, done) is not None


def _run(draft: _Draft, index: int, done: int, limit: int) -> _Span:
    """Take the whole quote that begins at *index*, with the attribution above it."""
    lead = _lead(draft, index, done)
    cited = draft.marks[index] is Mark.CITED
    bar = draft.lines[index].lstrip().startswith("|")

    def belongs(at: int) -> bool:
        if draft.is_quote(at) or cited and draft.marks[at] >= Mark.CITED:
            return True
        return bar and draft.lines[at].lstrip().startswith("|")

    marked = draft.marks[index] is Mark.QUOTED
    end = index + 1
    while end < limit:
        if belongs(end):
            end += 1
            continue
        # A blank or a short wrapped line inside a quote belongs to it; two lines do not.
        further = next((at for at in range(end, min(limit, end + 4)) if belongs(at)), None)
        between = draft.lines[end : further or end]
        words = [line for line in between if line.strip()]
        if further is None or len(words) > 1 or words and (len(words[0]) > 40 or len(between) > 1):
            break
        end = further + 1
    return _Span(start=index if lead is None else lead, end=end, attributed=marked or lead is not None)


def _lead(draft: _Draft, index: int, done: int) -> int | None:
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


def _rest_starts(draft: _Draft, index: int, done: int, limit: int) -> int | None:
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


def _with_separator(draft: _Draft, index: int, done: int) -> int:
    """Take the rule above a header block into the quote (Outlook's underscores)."""
    at = index - 1
    while at >= done and not draft.lines[at].strip() and index - at < 3:
        at -= 1
    return at if at >= done and is_separator(draft.lines[at]) else index


def _words_above(draft: _Draft, spans: Sequence[_Span], start: int) -> bool:
    inside = {index for span in spans for index in range(span.start, span.end)}
    return any(
        draft.lines[index].strip() and index not in inside and not is_separator(draft.lines[index])
        for index in range(start)
    )


def _fold(draft: _Draft, spans: Sequence[_Span], rest: int | None, *, is_reply: bool) -> None:
    if rest is not None:
        for index in range(rest, len(draft.lines)):
            draft.folded[index] = True
    answer = _last_answer(draft, spans, _end_of_words(draft, rest))
    inner = [span for span in spans if span.end <= answer]
    for span in spans:
        if span.end <= answer:
            keep = len(inner) > 1 or not span.attributed
        else:
            keep = not span.attributed and not is_reply
        if not keep:
            for index in range(span.start, span.end):
                draft.folded[index] = True


def _end_of_words(draft: _Draft, rest: int | None) -> int:
    """Where the words that may be answers end: before the rest, or before a closing signature."""
    end = len(draft.lines) if rest is None else rest
    signature = _signature_start(draft, 0, end)
    return end if signature is None else signature


def _last_answer(draft: _Draft, spans: Sequence[_Span], end: int) -> int:
    """The last line, before *end*, of words that are neither quoted nor a phone's greeting."""
    inside = {index for span in spans for index in range(span.start, span.end)}
    for index in range(end - 1, -1, -1):
        line = draft.lines[index]
        if index in inside or not line.strip() or is_separator(line):
            continue
        if not SENT_FROM.match(line[:300]):
            return index
    return -1


def _fold_below_own_marker(draft: _Draft) -> None:
    """Fold what stands below our own line, unless it is inside a quote with an answer below."""
    for index, line in enumerate(draft.lines):
        if OWN_MARKER.match(line[:300]) and not draft.folded[index] and not draft.is_quote(index):
            for below in range(index, len(draft.lines)):
                draft.folded[below] = True
            return


def _fold_signature(draft: _Draft) -> None:
    """Fold the signature that closes the author's words, and lines like "Sent from my phone"."""
    for start, end in _visible_blocks(draft):
        signature = _signature_start(draft, start, end)
        if signature is not None and _words_outside(draft, signature, end):
            for index in range(signature, end):
                draft.folded[index] = True
            end = signature
        for last in range(end - 1, start - 1, -1):
            if not draft.lines[last].strip():
                continue
            if not SENT_FROM.match(draft.lines[last][:300]) or not draft.has_words(0, last):
                break
            draft.folded[last] = True


def _signature_start(draft: _Draft, start: int, end: int) -> int | None:
    """Find the ``-- `` line (RFC 3676 §4.3) of a short block that ends at *end*."""
    below = 0
    for index in range(end - 1, max(start, end - 60) - 1, -1):
        line = draft.lines[index]
        if draft.is_quote(index):
            return None
        if _SIGNATURE.match(line[:20]) and below:
            fences = sum(_CODE_FENCE in above for above in draft.lines[start:index])
            return None if fences % 2 else index
        below += bool(line.strip())
        if below > _SIGNATURE_LINES:
            return None
    return None


def _visible_blocks(draft: _Draft) -> list[tuple[int, int]]:
    blocks: list[tuple[int, int]] = []
    start: int | None = None
    for index, folded in enumerate([*draft.folded, True]):
        if not folded and start is None:
            start = index
        elif folded and start is not None:
            blocks.append((start, index))
            start = None
    return blocks


def _words_outside(draft: _Draft, start: int, end: int) -> bool:
    return draft.has_words(0, start) or draft.has_words(end, len(draft.lines))
