"""What came of the checks: the level reached, and what is missing for the next."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from deskcore.testing.case import a_case
from deskcore.testing.checks import CHECKS, LEVELS, Check
from deskcore.testing.contract import Contract

Outcome = Literal["passed", "failed", "excused", "no concern"]


@dataclass(frozen=True, kw_only=True)
class Result:
    """What came of one check; *why* is what was wrong, or the reason it was left out."""

    id: str
    outcome: Outcome
    why: str = ""


def concerning(contract: Contract) -> list[Check]:
    """List the checks that a channel has to pass: those it claims, but for the excused ones."""
    return [
        each
        for each in CHECKS.values()
        if not each.need(contract) and each.id not in contract.excused
    ]


def left_out(contract: Contract) -> list[Result]:
    """List the checks that were left out, each with its reason."""
    found = []
    for each in CHECKS.values():
        if why := each.need(contract):
            found.append(Result(id=each.id, outcome="no concern", why=why))
        elif why := contract.excused.get(each.id, ""):
            found.append(Result(id=each.id, outcome="excused", why=why))
    return found


def examine(check: Check, contract: Contract) -> Result:
    """Put a channel to one check, with a far side and a desk of its own."""
    with tempfile.TemporaryDirectory(prefix="desk-kit-") as folder:
        try:
            with a_case(contract, Path(folder)) as case:
                check.body(case)
        except Exception as error:
            words = str(error) if isinstance(error, AssertionError) else repr(error)
            return Result(id=check.id, outcome="failed", why=words or type(error).__name__)
    return Result(id=check.id, outcome="passed")


def examine_all(contract: Contract) -> list[Result]:
    """Put a channel to every check."""
    return [*(examine(each, contract) for each in concerning(contract)), *left_out(contract)]


def explained(check: Check, result: Result) -> str:
    """Say what is wrong, and what it leads to."""
    return (
        f"{check.id} ({check.level}): {check.title}.\n  What is wrong: {result.why}\n"
        f"  In production: {check.danger}"
    )


def summary(title: str, results: Iterable[Result]) -> str:
    """Say the level in one line: ``acme 1.2: silver - 47 passed, 3 skipped with reasons``."""
    found = {each.id: each.outcome for each in results}
    missing = [each for each in CHECKS.values() if found.get(each.id, "failed") == "failed"]
    level = "no level"
    for each in LEVELS:
        if any(check.level == each for check in missing):
            break
        level = each
    passed = sum(outcome == "passed" for outcome in found.values())
    skipped = len(found) - passed - sum(outcome == "failed" for outcome in found.values())
    line = f"{title}: {level} - {passed} passed, {skipped} skipped with reasons"
    names = " ".join(sorted(check.id for check in missing))
    return f"{line}, {names} missing" if names else line
