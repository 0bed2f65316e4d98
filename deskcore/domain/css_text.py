"""Style sheets as the nodes of their parser; what the parser cannot bear does not reach it."""

from __future__ import annotations

from typing import Any

import tinycss2

DEEPEST = 50  # brackets in one another: whoever walks through the nodes goes as deep
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")

Node = Any  # of the parser, which has no types


class Unreadable(ValueError):
    """Brackets or numbers without an end."""


def rules_of(text: str) -> list[Node]:
    """Read a whole style sheet; mistakes are nodes of their own. Raises ``Unreadable``."""
    _refuse_depth(text)
    try:
        found: list[Node] = tinycss2.parse_stylesheet(
            text, skip_comments=True, skip_whitespace=True
        )
    except ValueError as error:  # Python reads no number of thousands of digits
        raise Unreadable(str(error)) from None
    return found


def declarations_of(text: str) -> list[Node]:
    """Read what stands in a ``style``; raises ``Unreadable``."""
    _refuse_depth(text)
    try:
        found: list[Node] = tinycss2.parse_blocks_contents(text)
    except ValueError as error:  # as above
        raise Unreadable(str(error)) from None
    return found


def _refuse_depth(text: str) -> None:
    """Count brackets, those in strings as well: no honest style sheet has so many."""
    depth = 0
    for character in text:
        if character in _OPENING:
            depth += 1
            if depth > DEEPEST:
                raise Unreadable("too many brackets in one another")
        elif character in _CLOSING:
            depth = max(depth - 1, 0)
