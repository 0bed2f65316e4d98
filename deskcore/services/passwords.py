"""Passwords: what may be one, and how they are kept (Argon2id).

Rules follow NIST SP 800-63B: length, no composition rules, no common ones; the list beside this
file holds the commonest of a public leak (``data/README.md``).
"""

from __future__ import annotations

import threading
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from deskcore.errors import Problem
from deskcore.i18n import _

MIN_LENGTH = 12
MAX_LENGTH = 128
SHORTEST_PART = 4  # shorter entries of the list join into any word

# OWASP's second choice (19 MiB, two passes): about 30 ms on the small machines the desk is for.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# A flood of sign-ins must not take the machine's memory: the others wait their turn.
_turns = threading.BoundedSemaphore(4)
_list = Path(__file__).parent / "data" / "common_passwords.txt"


def password_problems(password: str, *, field: str = "password") -> list[Problem]:
    """Say why *password* cannot be used; empty when it can."""
    if len(password) < MIN_LENGTH:
        text = _("Use at least %(count)s characters. Several words are easy to remember.")
        return [Problem(field=field, message=text % {"count": MIN_LENGTH})]
    if len(password) > MAX_LENGTH:
        text = _("Use at most %(count)s characters.")
        return [Problem(field=field, message=text % {"count": MAX_LENGTH})]
    if is_common(password):
        text = _("This is one of the passwords that are tried first. Choose another one.")
        return [Problem(field=field, message=text)]
    return []


def is_common(password: str) -> bool:
    """Whether *password* is on the list of common ones, or two of those joined, or a pattern."""
    text = _normal(password).casefold()
    listed = _common()
    if text in listed or _repeats(text) or _counts(text):
        return True
    cuts = range(SHORTEST_PART, len(text) - SHORTEST_PART + 1)
    return any(text[:cut] in listed and text[cut:] in listed for cut in cuts)


def hash_password(password: str) -> str:
    """Return the Argon2id hash to keep."""
    with _turns:
        return _hasher.hash(_normal(password))


def verify_password(stored: str, password: str) -> bool:
    """Whether *password* belongs to the *stored* hash.

    Takes as long when *stored* is empty (an unknown account, an invited user): nobody learns from
    the time which accounts exist. One that is too long is refused before any work.
    """
    if len(password) > MAX_LENGTH:
        password = ""
    nobodys = _nobodys()  # made by the first who comes, whoever that is
    with _turns:
        try:
            return _hasher.verify(stored or nobodys, _normal(password)) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


@cache
def _nobodys() -> str:
    """Return a hash that belongs to nobody."""
    return _hasher.hash("nobody has this password")


@cache
def _common() -> frozenset[str]:
    return frozenset(_list.read_text(encoding="utf-8").split())


def _normal(password: str) -> str:
    """Write a password in one form, whichever keyboard composed its accents."""
    return unicodedata.normalize("NFKC", password)


def _repeats(text: str) -> bool:
    """Whether a short piece is repeated to fill the length: ``abcabcabcabc``."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, 5))


def _counts(text: str) -> bool:
    """Whether the characters count up or down: ``abcdefghijkl``, ``9876543210``."""
    steps = {(ord(after) - ord(before)) % 10 for before, after in pairwise(text)}
    return len(steps) == 1 and steps <= {0, 1, 9}
