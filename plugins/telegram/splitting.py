"""Parting a long text where nothing is torn: between words; a word that is too long, between letters.

A letter is what people see as one (UAX 29): an emoji with a skin tone, a letter with its accents.
"""

from __future__ import annotations

import re
import unicodedata

from deskcore.api import _
from deskcore.plugin import Refused, TextLimit

_JOINER = "\u200d"
_FIRST_FLAG, _LAST_FLAG = "\U0001f1e6", "\U0001f1ff"
_FIRST_TONE, _LAST_TONE = "\U0001f3fb", "\U0001f3ff"
_FIRST_TAG, _LAST_TAG = "\U000e0020", "\U000e007f"


def split(text: str, limit: TextLimit) -> list[str]:
    """Part *text*, counted in UTF-16 as Telegram does; raises ``Refused`` for too many parts."""
    parts = [""]
    for piece in re.findall(r"\s*\S+|\s+$", text):
        if units(parts[-1] + piece) <= limit.max:
            parts[-1] += piece
            continue
        word = piece.lstrip()
        while units(word) > limit.max:
            head = _head(word, limit.max)
            parts.append(head)
            word = word[len(head) :]
        parts.append(word)
    found = [part for part in parts if part.strip()]
    if len(found) > limit.parts:
        most = limit.max * limit.parts
        words = _("This is too long for Telegram: it takes about %(most)s characters.", most=most)
        raise Refused(words)
    return found


def units(text: str) -> int:
    """Count UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _head(word: str, most: int) -> str:
    """Return the beginning of a word that has room, up to the end of a letter people see."""
    end, size = 0, 0
    for place, letter in enumerate(word):
        size += units(letter)
        if size > most:
            break
        if not _goes_on(word, place + 1):
            end = place + 1
    return word[: end or 1]


def _goes_on(word: str, place: int) -> bool:
    """Whether what stands at *place* belongs to the letter before it."""
    if place >= len(word):
        return False
    before, letter = word[place - 1], word[place]
    if _JOINER in {before, letter} or unicodedata.category(letter) in {"Mn", "Me", "Mc"}:
        return True
    if _FIRST_TONE <= letter <= _LAST_TONE or _FIRST_TAG <= letter <= _LAST_TAG:
        return True
    if not (_is_flag(before) and _is_flag(letter)):
        return False
    flags = re.search(f"[{_FIRST_FLAG}-{_LAST_FLAG}]*$", word[:place])
    return flags is not None and len(flags.group()) % 2 == 1


def _is_flag(letter: str) -> bool:
    return _FIRST_FLAG <= letter <= _LAST_FLAG
