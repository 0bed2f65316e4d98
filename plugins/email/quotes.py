"""Fold quotes and signatures of a reply, never delete: what is said first, what is quoted below.

No library decides these cases right, so the rules are our own (email.md §7 in short): answers
between the lines stay, forwards are content, and if folding would leave nothing, nothing is folded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plugins.email.marks import is_separator
from plugins.email.markup import MarkedText
from plugins.email.phrases import OWN_MARKER, SENT_FROM
from plugins.email.quote_spans import Draft, Span, find_spans
from plugins.email.signatures import fold_signature, signature_start

MAX_LINES = 20_000


@dataclass(frozen=True, kw_only=True)
class Split:
    """The two halves of a message; every line of the text is in one of them."""

    visible: str
    quoted: str


def split_reply(text: MarkedText, *, is_reply: bool, is_forward: bool) -> Split:
    """Split a message into what its author wrote and what is folded below it.

    *is_reply* says that the mail answers another one; a first mail is cut at our own line only.
    *is_forward* says that its subject calls it forwarded: then all of it is content.
    """
    whole = "\n".join(text.lines).strip("\n")
    draft = Draft(lines=text.lines, marks=text.marks, folded=[False] * len(text.lines))
    limit = min(len(text.lines), MAX_LINES)
    if is_forward:
        limit = 0
    if is_reply:
        _fold(draft, *find_spans(draft, limit))
    _fold_below_own_marker(draft)
    if not is_forward:
        fold_signature(draft)
    if not draft.has_words(0, len(draft.lines)):
        return Split(visible=whole, quoted="")
    pairs = list(zip(draft.lines, draft.folded, strict=True))
    return Split(
        visible="\n".join(line for line, folded in pairs if not folded).strip("\n"),
        quoted="\n".join(line for line, folded in pairs if folded).strip("\n"),
    )


def _fold(draft: Draft, spans: Sequence[Span], rest: int | None) -> None:
    if rest is not None:
        draft.fold(rest, len(draft.lines))
    answer = _last_answer(draft, spans, _end_of_words(draft, rest))
    inner = [span for span in spans if span.end <= answer]
    for span in spans:
        is_answered = span.end <= answer
        if not is_answered or (len(inner) == 1 and span.attributed):
            draft.fold(span.start, span.end)


def _end_of_words(draft: Draft, rest: int | None) -> int:
    """Where the words that may be answers end: before the rest, or before a closing signature."""
    end = len(draft.lines) if rest is None else rest
    signature = signature_start(draft, 0, end)
    return end if signature is None else signature


def _last_answer(draft: Draft, spans: Sequence[Span], end: int) -> int:
    """Find the last line, before *end*, of words that are neither quoted nor a phone's greeting."""
    inside = {index for span in spans for index in range(span.start, span.end)}
    for index in range(end - 1, -1, -1):
        line = draft.lines[index]
        if index in inside or not line.strip() or is_separator(line):
            continue
        if not SENT_FROM.match(line[:300]):
            return index
    return -1


def _fold_below_own_marker(draft: Draft) -> None:
    """Fold what stands below our own line, unless it is inside a quote with an answer below."""
    for index, line in enumerate(draft.lines):
        if OWN_MARKER.match(line[:300]) and not draft.folded[index] and not draft.is_quote(index):
            draft.fold(index, len(draft.lines))
            return
