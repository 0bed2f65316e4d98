"""A fence around foreign bytes: each step of reading a mail may fail without failing the mail."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from deskcore.api import N_

UNREADABLE = N_("This mail could not be read in full; the original is kept.")

Value = TypeVar("Value")


class Fence:
    """Runs the steps of reading one mail, and remembers in words what did not work."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def attempt(self, step: Callable[[], Value], otherwise: Value) -> Value:
        """Run one step; a mail it cannot read costs that step's result, never the mail.

        Everything is caught: RecursionError, LookupError, MemoryError, and whatever libraries
        raise for a mail nobody thought of.
        """
        try:
            return step()
        except Exception:
            self.warn(UNREADABLE)
            return otherwise

    def warn(self, *sentences: str) -> None:
        """Add sentences for people, each once."""
        self.warnings.extend(one for one in sentences if one not in self.warnings)
