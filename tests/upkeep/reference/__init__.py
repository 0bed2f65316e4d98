"""The reference for plugin authors, written from the code: hooks, events, settings, templates.

``python -m tests.upkeep.reference`` writes it, with ``--check`` it says what would change. Nothing in
it is written by hand: docstrings of hook specifications, fields of dataclasses, templates, and the code
of plugins that have tests.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from tests.contract.sources import ROOT
from tests.upkeep.reference import events, hooks, settings, templates

FOLDER = ROOT / "docs" / "plugin-authors" / "reference"
WRITERS = {
    "hooks.md": hooks.page,
    "events.md": events.page,
    "settings.md": settings.page,
    "templates.md": templates.page,
}


def pages() -> dict[str, str]:
    """Return every page by the name of its file."""
    return {name: write() for name, write in WRITERS.items()}


def differences() -> Iterator[str]:
    """Yield what stands in the folder and not in the code, and the other way round."""
    for name, wanted in pages().items():
        path = FOLDER / name
        told = path.read_text(encoding="utf-8") if path.exists() else ""
        yield from difflib.unified_diff(
            told.splitlines(), wanted.splitlines(), f"{name} as it is", f"{name} by the code", n=1
        )
    strays = {path.name for path in FOLDER.glob("*")} - set(WRITERS)
    yield from (f"{name}: nothing writes this page" for name in sorted(strays))


def write() -> None:
    """Write all pages."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
