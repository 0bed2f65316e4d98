"""What can go wrong for a person: one small tree, translated to HTTP in ``web/errors.py`` only.

Every message is shown to people: it says what happened, what was kept and what to do.
Nothing here imports anything of the desk.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One thing wrong with one field, in words for the person who filled it in."""

    field: str
    message: str


class DeskError(Exception):
    """Something a person caused or must know; the text is for them."""


class NotFound(DeskError):
    """It does not exist, or not for this person: both look the same on purpose."""


class NotAllowed(DeskError):
    """This person may see it but may not do this; *permission* names the missing right."""

    def __init__(self, message: str, *, permission: str = "") -> None:
        super().__init__(message)
        self.permission = permission


class Invalid(DeskError):
    """The input cannot be used as it is; *problems* say which field and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


class Conflict(DeskError):
    """Somebody or something changed it in the meantime; nothing was overwritten."""


class Unavailable(DeskError):
    """An outside part (database, disk) cannot serve now; trying again later may work."""


class DiskFull(Unavailable):
    """There is no room to store anything; nothing was stored."""


class ConfigError(DeskError):
    """The configuration cannot be used; shown as one line at start, exit code 78."""
