"""The standards that every plugin is held to, beside the contract of channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from deskcore.authoring.folder import PluginFolder
from deskcore.authoring.kit_run import Tried
from deskcore.testing.rules import Rule, Rules


@dataclass(frozen=True, kw_only=True)
class Flaw:
    """One thing that is wrong, and where when that is known (``file:line``)."""

    why: str
    where: str = ""


@dataclass(frozen=True, kw_only=True)
class Look:
    """What standards look at: the folder, and what came of its tests."""

    folder: PluginFolder
    tested: Tried


Body = Callable[[Look], Iterator[Flaw]]


# A standard's body gives the flaws; its need the reason why it does not concern a plugin, or "".
Standard = Rule[Body, PluginFolder]
STANDARDS: Rules[Body, PluginFolder] = Rules()
standard = STANDARDS.register
