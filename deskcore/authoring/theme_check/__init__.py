"""``desk themes check``: looks through a theme before anybody wears it.

What can be read from its files comes first, then every page it dresses is drawn with made-up values
in four languages, and at last a browser looks whether agents can still do their work.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from deskcore.app import create_app
from deskcore.authoring.theme_check.drawn import drawn_findings
from deskcore.authoring.theme_check.files import file_findings
from deskcore.authoring.theme_check.seen import seen_findings
from deskcore.authoring.theme_check.templates import template_findings
from deskcore.config import Config, load_config
from deskcore.prepare import upgrade_database
from deskcore.services.theme_checks import ThemeFinding
from deskcore.theme.discovery import (
    FOLDER,
    FoundTheme,
    chain,
    describe_theme,
    discover_themes,
    with_parents,
)
from deskcore.theme.looks import too_close
from deskcore.theme.manifest import FILE_NAME

_ORDER = ("error", "warning", "note")


def check_theme(folder: Path, *, beside: Path | None = None) -> list[ThemeFinding]:
    """Return what was found, the worst first; *beside* is an instance with the theme's parents."""
    folder = folder.resolve()
    found = describe_theme(folder, slug=folder.name, source="dropped")
    there = [
        each
        for each in discover_themes((beside or folder.parent.parent) / FOLDER)
        if each.slug != found.slug and not each.problem
    ]
    found = with_parents(found, {each.slug: each for each in [*there, found]})
    if found.problem:
        return [ThemeFinding(level="error", where=FILE_NAME, text=found.problem)]
    findings = list(_findings(found, chain(found, [*there, found])))
    return sorted(findings, key=lambda each: _ORDER.index(each.level))


def _findings(found: FoundTheme, layers: Sequence[FoundTheme]) -> Iterator[ThemeFinding]:
    yield from file_findings(found)
    for pair in too_close([layer.tokens for layer in reversed(layers)]):
        text = f"Colours are too close to one another to be read: {pair}"
        yield ThemeFinding(level="error", where=FILE_NAME, text=text)
    with desk_wearing(layers) as app:
        yield from template_findings(app, found)
        yield from drawn_findings(app)
        yield from seen_findings(app)


@contextmanager
def desk_wearing(layers: Sequence[FoundTheme], *, plugins: tuple[str, ...] = ()) -> Iterator[Flask]:
    """Make a desk that is thrown away afterwards; nothing of the one that asks is in it."""
    with tempfile.TemporaryDirectory(prefix="desk-theme-") as made:
        config = a_config(Path(made), plugins=plugins)
        upgrade_database(config)
        yield create_app(config, worn=layers)


def a_config(made: Path, *, plugins: tuple[str, ...] = ()) -> Config:
    """Return the configuration of a desk in the folder *made*, with no plugins but these."""
    return load_config(
        instance=made / "instance",
        database_url=f"sqlite:///{made}/desk.db",
        base_url="",
        trusted_hosts=(),
        plugins=plugins,
        safe_mode=False,
    )
