"""One heap for all threads of a process and its children, where glibc would make one for each.

Bytes of mails are large and live shortly; in a heap of every thread they leave holes that are
never given back. Threads take turns for Python's own lock anyway, so sharing a heap costs nothing.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress

_M_ARENA_MAX = -8  # malloc.h of glibc


def share() -> None:
    """Let threads begun from now on use the first heap; other C libraries than glibc do already."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)
