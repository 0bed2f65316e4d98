"""Rules that plugins are held to: what each asks, from which level on, and what it guards against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

Level = Literal["bronze", "silver", "gold"]
LEVELS: tuple[Level, ...] = ("bronze", "silver", "gold")

Body = TypeVar("Body", bound=Callable[..., Any])
About = TypeVar("About")


@dataclass(frozen=True, kw_only=True)
class Rule(Generic[Body, About]):
    """One rule. ``danger`` says what becomes of a plugin that breaks it, in production.

    ``need`` gives the reason why it does not concern something; empty when it does.
    """

    id: str
    level: Level
    title: str
    danger: str
    body: Body
    need: Callable[[About], str]


class Rules(dict[str, Rule[Body, About]]):
    """Rules by id, in the order they were registered."""

    def register(
        self, name: str, level: Level, danger: str, *, need: Callable[[About], str] | None = None
    ) -> Callable[[Body], Body]:
        """Register a rule under its id; its docstring is its title."""

        def take(body: Body) -> Body:
            title = (body.__doc__ or "").strip().rstrip(".")
            self[name] = Rule(
                id=name, level=level, title=title, danger=danger, body=body, need=need or _always
            )
            return body

        return take


def _always(_about: object) -> str:
    return ""
