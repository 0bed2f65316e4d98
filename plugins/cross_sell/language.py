"""In which language a customer writes, as far as the letters tell. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection

_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_CZECH = re.compile(r"[ěščřžůďťňáíéýú]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_MOSTLY, _SOME = 0.3, 0.02  # of the letters
_MOST = 5_000


def language_of(text: str, languages: Collection[str]) -> str:
    """Guess which of the languages a text is in; "" when its letters do not tell."""
    text = text[:_MOST]
    letters = len(_LETTER.findall(text)) or 1
    if len(_CYRILLIC.findall(text)) / letters > _MOSTLY:
        guess = "ru"
    else:
        guess = "cs" if len(_CZECH.findall(text)) / letters > _SOME else ""
    return guess if guess in languages else ""
