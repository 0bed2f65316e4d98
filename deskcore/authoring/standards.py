"""The standards that every plugin is held to, beside the contract of channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from deskcore.authoring.folder import PluginFolder
from deskcore.authoring.kit_run import Tried
from deskcore.testing.checks import Level


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


@dataclass(frozen=True, kw_only=True)
class Standard:
    """One rule; ``danger`` says what becomes of a plugin that breaks it.

    ``body`` gives the flaws; ``need`` the reason why it does not concern a plugin, or "".
    """

    id: str
    level: Level
    title: str
    danger: str
    body: Body
    need: Callable[[PluginFolder], str]


STANDARDS: dict[str, Standard] = {}


def standard(
    name: str, level: Level, danger: str, *, need: Callable[[PluginFolder], str] | None = None
) -> Callable[[Body], Body]:
    """Register a standard under its id; its docstring is its title."""

    def register(body: Body) -> Body:
        title = (body.__doc__ or "").strip().rstrip(".")
        STANDARDS[name] = Standard(
            id=name, level=level, title=title, danger=danger, body=body, need=need or _always
        )
        return body

    return register


def _always(_folder: PluginFolder) -> str:
    return ""
