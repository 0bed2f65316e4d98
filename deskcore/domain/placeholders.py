"""The desk's own placeholders in texts: ``{{customer.name}}``, looked up in a flat dict of texts.

Deliberately no template language: nothing typed can reach an attribute, call or loop. A value is put
in as it is and never looked through again, so that a customer's name cannot name another value.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

NAME = r"[a-z][a-z0-9_]{0,39}\.[a-z][a-z0-9_]{0,39}"
# What the desk's own are named after; no plugin's may be.
OWN_SUBJECTS = frozenset({"agent", "customer", "desk", "ticket"})
_MARK = re.compile(r"\{\{[ \t\u00a0]{0,9}(" + NAME + r")[ \t\u00a0]{0,9}\}\}")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A stretch of a text; ``name`` is the placeholder it stands for, "" where it is plain."""

    text: str
    name: str = ""
    is_filled: bool = True


@dataclass(frozen=True, kw_only=True)
class Filled:
    """A text with what was known put in; ``text`` is all ``pieces`` in a row."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole text; what could not be filled stands there as it was written."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def unfilled(self) -> tuple[str, ...]:
        """The placeholders nothing was known for, each once, in order."""
        return tuple(dict.fromkeys(piece.name for piece in self.pieces if not piece.is_filled))


def names_in(text: str) -> tuple[str, ...]:
    """Return the placeholders of a text, each once, in order."""
    return tuple(dict.fromkeys(_MARK.findall(text)))


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Put *values* in by name; an empty or missing one leaves its placeholder as written."""
    pieces: list[Piece] = []
    end = 0
    for mark in _MARK.finditer(text):
        name = mark[1]
        value = values.get(name, "")
        if mark.start() > end:
            pieces.append(Piece(text=text[end : mark.start()]))
        pieces.append(Piece(text=value or mark[0], name=name, is_filled=bool(value)))
        end = mark.end()
    if end < len(text):
        pieces.append(Piece(text=text[end:]))
    return Filled(pieces=tuple(pieces))
