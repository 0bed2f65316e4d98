"""Codes that are read off a terminal and typed into a page: long, and hard to mistype."""

from __future__ import annotations

import secrets

# Crockford's letters and digits: none can be taken for another when read off a terminal.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP = 5, 5  # 125 bits
_ALIKE = str.maketrans("OIL", "011", "- \t\n")


def new_code() -> str:
    """Make a code, as it is stored and compared."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(_GROUPS * _GROUP))


def in_groups(code: str) -> str:
    """Write a code as people read it."""
    return "-".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def as_stored(typed: str) -> str:
    """Return what somebody typed in the form that codes are compared in."""
    return typed.upper().translate(_ALIKE)
