"""The words by which products are found and known again. Pure.

Everything is compared folded: case and accents do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from deskcore.api.data import fold

LONGEST_WORD = 40
MOST_WORDS = 60  # of one product
_WORD = re.compile(r"[^\W_]+")
_LONG = 6  # letters from which on a word is known by its beginning: Czech and Russian bend the rest
_END = "\U0010ffff"
_NEXT = "\x01"  # before any letter


def words_of(*texts: str) -> list[str]:
    """Return the different words of texts in order, folded."""
    found = (word[:LONGEST_WORD] for text in texts for word in _WORD.findall(fold(text)))
    # Of one letter or digit there are too many things, but in scripts that write words so.
    return list(dict.fromkeys(word for word in found if len(word) > 1 or not word.isascii()))


def range_of(beginning: str) -> tuple[str, str]:
    """Return the bounds of words with this beginning: from the first, below the second."""
    return beginning, beginning + _END


def stem(word: str) -> str:
    """Return the beginning by which the forms of a word are known: ``konvice``, ``konvici``."""
    return word[: max(5, len(word) - 2)] if len(word) >= _LONG and word.isalpha() else word


def forms_of(word: str) -> tuple[str, str]:
    """Return the bounds of a word's forms, as those of ``range_of``; of a short one just itself."""
    root = stem(word)
    return range_of(root) if root != word else (word, word + _NEXT)


def is_form_of(said: str, word: str) -> bool:
    """Whether a word that somebody wrote is a form of another one."""
    root = stem(said)
    if root == said:
        return said == word
    return word.startswith(root) and abs(len(word) - len(said)) <= 3  # noqa: PLR2004  endings are that long


def telling(words: Iterable[str]) -> list[str]:
    """Return the words of a name that people use for a thing: no sizes, no numbers."""
    return [word for word in words if len(word) > 2 and word.isalpha()]  # noqa: PLR2004  units are that short
