"""Finding the right saved reply: by what was typed, and by what a ticket is about. Pure.

Everything is compared folded: case, accents and the two dots of ё do not matter.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from math import log

_WORD = re.compile(r"[^\W_]+")
_STEM = 5  # first letters that words of one sense share: Czech and Russian bend the rest
_SHORTEST = 4  # letters of a word that says what a text is about
_FUZZY_FROM = 4
_ALIKE = 0.8
_NAME_WEIGHS = 3
_FITS_FROM = 1.0
_MOST_SAID = 5_000
_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_CZECH = re.compile(r"[ěščřžůďťňáíéýú]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_MOSTLY, _SOME = 0.3, 0.02  # of the letters


@lru_cache(maxsize=4_000)
def fold(text: str) -> str:
    """Return the form in which spellings that people take for the same are the same."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def score(typed: str, name: str, text: str) -> float:
    """Say how well a reply fits what was typed, 0 for not at all: every word has to be there."""
    total = 0.0
    folded_name, folded_text = fold(name), fold(text)
    for word in fold(typed).split():
        found = _of_word(word, folded_name, folded_text)
        if not found:
            return 0.0
        total += found
    return total


def fitting(said: str, texts: Sequence[tuple[str, str]]) -> list[float]:
    """Say how well each (name, text) fits what a ticket says; words that all of them share count nothing."""
    about = _stems(said[:_MOST_SAID])
    held = [(_stems(name), _stems(text)) for name, text in texts]
    spread = Counter(stem for name, text in held for stem in name | text)
    # One reply alone shares nothing with others.
    weight = {stem: log(max(len(texts), 2) / count) for stem, count in spread.items()}
    return [
        sum(weight[stem] * (_NAME_WEIGHS if stem in name else 1) for stem in about & (name | text))
        for name, text in held
    ]


def fits(score_of_ticket: float) -> bool:
    """Whether a score of ``fitting`` is worth saying so."""
    return score_of_ticket >= _FITS_FROM


def language_of(said: str, languages: Iterable[str]) -> str:
    """Guess which of the languages a text is in, by its letters; "" when they do not tell."""
    letters = len(_LETTER.findall(said[:_MOST_SAID])) or 1
    cyrillic = len(_CYRILLIC.findall(said[:_MOST_SAID])) / letters
    czech = len(_CZECH.findall(said[:_MOST_SAID])) / letters
    guess = "ru" if cyrillic > _MOSTLY else "cs" if czech > _SOME else ""
    return guess if guess in languages else ""


def _of_word(word: str, name: str, text: str) -> float:
    names = _WORD.findall(name)
    if any(each.startswith(word) for each in names):
        return 8
    if word in name:
        return 6
    if len(word) >= _FUZZY_FROM and any(_is_alike(word, each) for each in names):
        return 4
    if len(word) > 1 and _in_order(word, name):
        return 3
    return 2 if word in text else 0


# Replies share words, and every key asks for all of them anew.
@lru_cache(maxsize=20_000)
def _is_alike(word: str, other: str) -> bool:
    """Whether somebody may have meant the other word; one of another length is not looked at."""
    if abs(len(word) - len(other)) > 1:
        return False
    return SequenceMatcher(None, word, other).ratio() >= _ALIKE


def _in_order(word: str, name: str) -> bool:
    """Whether the letters stand in the name in this order, the first at the start of a word."""
    start = re.search(rf"\b{re.escape(word[0])}", name)
    if start is None:
        return False
    letters = iter(name[start.start() :])
    return all(letter in letters for letter in word)


@lru_cache(maxsize=4_000)
def _stems(text: str) -> frozenset[str]:
    words = _WORD.findall(fold(text))
    return frozenset(word[:_STEM] for word in words if len(word) >= _SHORTEST and word.isalpha())
