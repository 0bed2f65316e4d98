"""The checks by id: what each asks, from which level on, and what it guards against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from deskcore.plugin.channel import Listening, Polled, Pushed
from deskcore.testing.case import Case
from deskcore.testing.contract import Contract

Level = Literal["bronze", "silver", "gold"]
Body = Callable[[Case], None]
Need = Callable[[Contract], str]

LEVELS: tuple[Level, ...] = ("bronze", "silver", "gold")


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check. ``danger`` says what the platform will do in production where it fails.

    ``need`` gives the reason why it does not concern a channel; empty when it does.
    """

    id: str
    level: Level
    title: str
    danger: str
    body: Body
    need: Need


CHECKS: dict[str, Check] = {}


def check(
    name: str, level: Level, danger: str, *, need: Need | None = None
) -> Callable[[Body], Body]:
    """Register a check under its id; its docstring is its title."""

    def register(body: Body) -> Body:
        title = (body.__doc__ or "").strip().rstrip(".")
        CHECKS[name] = Check(
            id=name, level=level, title=title, danger=danger, body=body, need=need or _always
        )
        return body

    return register


def pushed(contract: Contract) -> str:
    """Need a channel that is told by webhook."""
    return "" if issubclass(contract.kind, Pushed) else "the channel is not pushed"


def polled(contract: Contract) -> str:
    """Need a channel that is asked, and a far side to ask."""
    return "" if issubclass(contract.kind, Polled) else "the channel is not polled"


def listening(contract: Contract) -> str:
    """Need a channel that holds a connection."""
    return "" if issubclass(contract.kind, Listening) else "the channel does not listen"


def reports(contract: Contract) -> str:
    """Need a channel that claims reports."""
    return "" if contract.kind.can.reports else "no reports are claimed"


def starts(contract: Contract) -> str:
    """Need a channel that claims to start conversations."""
    return "" if contract.kind.can.starts else "starting conversations is not claimed"


def _always(_contract: Contract) -> str:
    return ""


def expect(condition: object, message: str) -> None:
    """Fail the check with *message* unless the condition holds."""
    if not condition:
        raise AssertionError(message)


def sample(case: Case, name: str) -> bytes:
    """Return the first sample of a sort; the check fails when there is none."""
    found = case.contract.named(name)
    if not found:
        raise AssertionError(
            f"There is no sample “{name}”. Record one, or say in quality.toml why there is none."
        )
    return found[0]
