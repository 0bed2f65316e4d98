"""In which language somebody wrote, told by the letters that it alone has. Pure."""

from __future__ import annotations

import re

_CYRILLIC = re.compile(r"[а-яё]", re.IGNORECASE)
_CZECH = re.compile(r"[ěščřžůďťň]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_MOST, _MOSTLY, _SOME = 5_000, 0.3, 0.01


def language_of(text: str) -> str:
    """Return "ru" or "cs" for what is surely one of them, else ""."""
    said = text[:_MOST]
    letters = len(_LETTER.findall(said)) or 1
    if len(_CYRILLIC.findall(said)) / letters > _MOSTLY:
        return "ru"
    return "cs" if len(_CZECH.findall(said)) / letters > _SOME else ""
