"""A plugin's quality, computed: every check that concerns it, and the level they amount to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from deskcore.authoring import promises, running, static
from deskcore.authoring.folder import PluginFolder
from deskcore.authoring.kit_run import Tried, run_tests
from deskcore.authoring.standards import STANDARDS, Look, Standard
from deskcore.testing.checks import CHECKS, LEVELS, Level
from deskcore.testing.contract import QUALITY
from deskcore.testing.report import Outcome, Result

# Reading them registers their standards.
__all__ = ["Finding", "Judgement", "judge", "promises", "running", "static"]


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What came of one check; ``why`` is what is wrong, or the reason it was left out."""

    id: str
    level: Level
    title: str
    outcome: Outcome
    danger: str
    why: str = ""
    where: str = ""
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """Everything that was looked at, in the order of the ids.

    ``servers`` are the real ones that tests spoke to, ``unrun`` the reasons of tests that were not
    run, each with the number of those tests.
    """

    slug: str
    version: str
    findings: tuple[Finding, ...]
    servers: Mapping[str, int] = field(default_factory=dict)
    unrun: Mapping[str, int] = field(default_factory=dict)

    @property
    def missing(self) -> list[Finding]:
        """What has failed."""
        return [each for each in self.findings if each.outcome == "failed"]

    @property
    def excused(self) -> list[Finding]:
        """What its author left out, with a reason."""
        return [each for each in self.findings if each.outcome == "excused"]

    @property
    def unconcerned(self) -> list[Finding]:
        """What does not concern it, with the reason."""
        return [each for each in self.findings if each.outcome == "no concern"]

    @cached_property
    def level(self) -> Level | None:
        """The highest level without a gap at it or below; None when not even bronze is whole."""
        gaps = {each.level for each in self.missing}
        reached = None
        for level in LEVELS:
            if level in gaps:
                break
            reached = level
        return reached

    def reaches(self, level: Level) -> bool:
        """Whether it is good enough."""
        return self.level is not None and LEVELS.index(self.level) >= LEVELS.index(level)


def judge(folder: PluginFolder, tests: Path | None = None) -> Judgement:
    """Put a plugin to every check; takes half a minute, most of it the life of a desk."""
    tested = run_tests(folder, tests)
    excused = _excused(folder.path / QUALITY)
    look = Look(folder=folder, tested=tested)
    findings = [
        *(each for one in STANDARDS.values() for each in _held(one, look, excused)),
        *_contracts(tested),
    ]
    ordered = sorted(findings, key=lambda each: (each.id, each.about, each.where))
    return Judgement(
        slug=folder.slug,
        version=folder.version,
        findings=tuple(ordered),
        servers=tested.servers,
        unrun=tested.skipped,
    )


def _held(one: Standard, look: Look, excused: Mapping[str, str]) -> Iterator[Finding]:
    """Hold a plugin to a standard; gives a finding for each flaw, one when there is none."""
    if why := one.need(look.folder):
        yield _finding(one, "no concern", why)
    elif why := excused.get(one.id, ""):
        yield _finding(one, "excused", why)
    else:
        flaws = list(one.body(look))
        for flaw in flaws:
            yield _finding(one, "failed", flaw.why, flaw.where)
        if not flaws:
            yield _finding(one, "passed")


def _contracts(tested: Tried) -> Iterator[Finding]:
    for title, results in tested.contracts.items():
        found = {each.id: each for each in results}
        for check in CHECKS.values():
            result = found.get(check.id) or _not_run(check.id)
            yield Finding(
                id=check.id,
                level=check.level,
                title=check.title,
                danger=check.danger,
                outcome=result.outcome,
                why=result.why,
                about=title,
            )


def _not_run(name: str) -> Result:
    return Result(id=name, outcome="failed", why="It was not run.")


def _finding(one: Standard, outcome: Outcome, why: str = "", where: str = "") -> Finding:
    return Finding(
        id=one.id,
        level=one.level,
        title=one.title,
        danger=one.danger,
        outcome=outcome,
        why=why,
        where=where,
    )


def _excused(path: Path) -> dict[str, str]:
    try:
        found: Iterable[tuple[str, object]] = tomllib.loads(path.read_text("utf-8"))["skip"].items()
    except (OSError, ValueError, KeyError, AttributeError):
        return {}
    return {name: str(why).strip() for name, why in found}
