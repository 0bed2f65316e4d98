"""Fold the signature that closes somebody's words; RFC 3676 §4.3 and what phones add."""

from __future__ import annotations

import re

from plugins.email.phrases import SENT_FROM
from plugins.email.quote_spans import Draft

_SIGNATURE = re.compile(r"^\s{0,3}(?:--|—)\s{0,3}$")
_SIGNATURE_LINES = 15
_WINDOW = 60
_CODE_FENCE = "```"


def fold_signature(draft: Draft) -> None:
    """Fold the signature that closes the author's words, and lines like "Sent from my phone"."""
    for start, end in _visible_blocks(draft):
        signature = signature_start(draft, start, end)
        words_end = end
        if signature is not None and _words_outside(draft, signature, end):
            draft.fold(signature, end)
            words_end = signature
        for last in range(words_end - 1, start - 1, -1):
            if not draft.lines[last].strip():
                continue
            if not SENT_FROM.match(draft.lines[last][:300]) or not draft.has_words(0, last):
                break
            draft.folded[last] = True


def signature_start(draft: Draft, start: int, end: int) -> int | None:
    """Find the ``-- `` line (RFC 3676 §4.3) of a short block that ends at *end*."""
    below = 0
    for index in range(end - 1, max(start, end - _WINDOW) - 1, -1):
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


def _visible_blocks(draft: Draft) -> list[tuple[int, int]]:
    blocks: list[tuple[int, int]] = []
    start: int | None = None
    for index, folded in enumerate([*draft.folded, True]):
        if not folded and start is None:
            start = index
        elif folded and start is not None:
            blocks.append((start, index))
            start = None
    return blocks


def _words_outside(draft: Draft, start: int, end: int) -> bool:
    return draft.has_words(0, start) or draft.has_words(end, len(draft.lines))
