"""What somebody changed in a text, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_MOST_WORDS = 2000  # more would take seconds, and nobody reads such a difference


@dataclass(frozen=True, kw_only=True)
class Span:
    """Words that stayed, went or came."""

    change: Literal["same", "gone", "new"]
    text: str


def difference(before: str, after: str) -> list[Span]:
    """Return both texts in one, in their order; ``before`` is what is same and gone, in a row."""
    old, new = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    if max(len(old), len(new)) > _MOST_WORDS:
        return [Span(change="gone", text=before), Span(change="new", text=after)]
    found: list[Span] = []
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(Span(change="same", text="".join(new[c:d])))
            continue
        if a < b:
            found.append(Span(change="gone", text="".join(old[a:b])))
        if c < d:
            found.append(Span(change="new", text="".join(new[c:d])))
    return found
