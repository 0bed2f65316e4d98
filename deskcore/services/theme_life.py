"""A theme is worn from now on: looked through first, then the desk's processes are replaced."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from deskcore.domain.people import Actor
from deskcore.extensions import config
from deskcore.services import access, theme_checks, theme_records
from deskcore.services.theme_checks import ThemeFinding
from deskcore.services.unit import unit_of_work

RIGHT = "desk.manage"


def check(actor: Actor, folder: Path) -> Sequence[ThemeFinding]:
    """Look through a theme; changes nothing."""
    access.require(actor, RIGHT)
    return theme_checks.check(config(), folder)


def activate(actor: Actor, slug: str, folder: Path) -> Sequence[ThemeFinding]:
    """Have the desk wear a theme unless its check finds an error; returns what was found.

    Activating the theme that is worn already forgets what failed in it.
    """
    findings = check(actor, folder)
    if not theme_checks.errors(findings):
        with unit_of_work(actor) as unit:
            theme_records.wear(unit, slug)
            unit.audit("theme.activated", slug)
    return findings
