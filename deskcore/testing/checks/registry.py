"""The checks by id, and what channels they concern."""

from __future__ import annotations

from collections.abc import Callable

from deskcore.plugin.channel import Listening, Polled, Pushed
from deskcore.testing.case import Case
from deskcore.testing.contract import Contract
from deskcore.testing.rules import Rule, Rules

Body = Callable[[Case], None]
Check = Rule[Body, Contract]
CHECKS: Rules[Body, Contract] = Rules()
check = CHECKS.register


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
