"""The faults there are: a number of the ledger, a name, how it is run, on which databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.faults.stage import Stage

Scenario = Callable[[Stage], None]
BOTH = ("sqlite", "postgresql")


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault: *scenario* provokes it at every moment of its stage and brings the desk back.

    *needs* names programs it cannot do without. *in_ci* faults are run by pytest too. With *room*,
    everything of the desk is on a file system of its own, of that size.
    """

    number: int
    name: str
    scenario: Scenario
    databases: tuple[str, ...]
    needs: tuple[str, ...]
    in_ci: bool
    fixed_moments: int | None
    room: str


_faults: list[Fault] = []


def fault(
    number: int,
    name: str,
    *,
    databases: tuple[str, ...] = ("sqlite",),
    needs: tuple[str, ...] = (),
    in_ci: bool = False,
    moments: int | None = None,
    room: str = "",
) -> Callable[[Scenario], Scenario]:
    """Make a function the scenario of a fault; *moments* when their number is not for us to choose."""

    def register(scenario: Scenario) -> Scenario:
        _faults.append(
            Fault(
                number=number,
                name=name,
                scenario=scenario,
                databases=databases,
                needs=needs,
                in_ci=in_ci,
                fixed_moments=moments,
                room=room,
            )
        )
        return scenario

    return register


def every_fault() -> list[Fault]:
    """Return all faults in the order of their numbers."""
    from tests.faults import scenarios  # noqa: PLC0415  scenarios import this module

    scenarios.load()
    return sorted(_faults, key=lambda fault: fault.number)
