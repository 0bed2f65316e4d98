"""Reading what Telegram sent without trusting it: of a wrong kind is the same as not there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

Fields = Mapping[str, object]
_LARGEST_ID = 2**53  # the Bot API promises at most 52 significant bits


def read(content: bytes) -> object:
    """Return what JSON says, None for what is none."""
    try:
        found: object = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found


def part(fields: object, name: str) -> Fields:
    """Return the object under *name*; empty when there is none."""
    found = fields.get(name) if isinstance(fields, dict) else None
    return found if isinstance(found, dict) else {}


def parts(fields: object, name: str) -> list[Fields]:
    """Return the objects in the list under *name*; what is none is left out."""
    found = fields.get(name) if isinstance(fields, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def text(fields: object, name: str) -> str:
    """Return the text under *name*, fit to be stored."""
    return clean(raw_text(fields, name))


def raw_text(fields: object, name: str) -> str:
    """Return the text under *name* as it came: offsets count in it."""
    found = fields.get(name) if isinstance(fields, dict) else None
    return found if isinstance(found, str) else ""


def whole(fields: object, name: str) -> int | None:
    """Return the whole number under *name*, None when there is none."""
    found = fields.get(name) if isinstance(fields, dict) else None
    if not isinstance(found, int) or isinstance(found, bool) or abs(found) > _LARGEST_ID:
        return None
    return found


def number(fields: object, name: str) -> float | None:
    """Return the number under *name*, None when there is none that people could read."""
    found = fields.get(name) if isinstance(fields, dict) else None
    if not isinstance(found, int | float) or isinstance(found, bool) or abs(found) > _LARGEST_ID:
        return None
    return float(found)


def when(fields: object, name: str) -> datetime | None:
    """Return the Unix time under *name*."""
    seconds = whole(fields, name)
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None


def clean(words: str) -> str:
    """Make text fit to be stored: without NUL, and without halves of letters."""
    return words.replace("\0", "").encode("utf-8", "replace").decode()
