"""Names of files as strangers give them, made safe to show and to offer for download."""

from __future__ import annotations

import re
import unicodedata

MAX_NAME = 180  # fits every file system in bytes for the usual scripts, with room for a suffix
MAX_ENDING = 12  # longer than any ending in use
_SEPARATORS = re.compile(r"[\\/]+")
_UNWANTED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def safe_filename(name: str, *, default: str = "file") -> str:
    """Return *name* without paths, controls and invisible characters; *default* when empty.

    NFC; bidirectional and zero-width marks are dropped, since they disguise the ending. A long
    name keeps its ending.
    """
    name = unicodedata.normalize("NFC", name)
    name = _SEPARATORS.split(name)[-1]
    kept = (char for char in name if unicodedata.category(char) not in _UNWANTED)
    name = "".join(kept).strip(" .\t") or default
    if len(name) <= MAX_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > MAX_ENDING:
        return name[:MAX_NAME]
    return stem[: MAX_NAME - len(ending) - 1] + dot + ending
