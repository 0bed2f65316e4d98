"""The kit is tested, too: each saboteur fails the checks declared for its sin, and no other."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from deskcore.plugin import Channel
from deskcore.testing.checks import CHECKS
from deskcore.testing.contract import Contract, folder_of
from deskcore.testing.report import examine_all
from tests.channels.contracts import said_of
from tests.saboteurs import incoming, outgoing, settling
from tests.saboteurs.insider import channel as insider
from tests.saboteurs.sin import SABOTEURS

AT_LEAST = 15


@pytest.mark.parametrize("kind", SABOTEURS, ids=lambda kind: kind.__name__)
def test_a_saboteur_fails_what_is_declared_for_it_and_nothing_else(kind: type[Channel]) -> None:
    results = examine_all(contract(kind))
    failed = {each.id: each.why for each in results if each.outcome == "failed"}
    assert failed.keys() == SABOTEURS[kind], failed


def test_there_are_enough_of_them() -> None:
    assert len(SABOTEURS) >= AT_LEAST
    assert all(inspect.getdoc(kind) for kind in SABOTEURS)


def test_every_check_has_a_saboteur_that_it_catches() -> None:
    assert set().union(*SABOTEURS.values()) == set(CHECKS)


def contract(kind: type[Channel]) -> Contract:
    """Say of a saboteur what is said of the channel it was made of; its folder is that one's."""
    echo = next(each for each in kind.__mro__ if each.__module__.startswith("tests.channels."))
    folder = getattr(kind, "lies_in", None) or folder_of(echo)
    return Contract(kind=kind, folder=Path(folder), **said_of(kind))


__all__ = ["incoming", "insider", "outgoing", "settling"]
