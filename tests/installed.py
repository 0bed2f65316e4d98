"""What pip has installed is looked through once, not by each of some thousand desks of a run.

Looking takes a twentieth of a desk's making: a file of each of a hundred distributions is read.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoints, entry_points
from pathlib import Path

import pytest

from deskcore.plugin import discovery as of_plugins
from deskcore.theme import discovery as of_themes

_known: dict[tuple[object, ...], EntryPoints] = {}


@pytest.fixture(scope="session", autouse=True)
def _looked_through_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for module in (of_plugins, of_themes):
            patch.setattr(module, "entry_points", _entry_points)
        yield


def _entry_points(*, group: str) -> EntryPoints:
    """Return the entry points of *group*, found anew when a folder of packages has changed."""
    wanted = (group, *((name, _changed(Path(name))) for name in sys.path))
    if wanted not in _known:
        _known[wanted] = entry_points(group=group)
    return _known[wanted]


def _changed(folder: Path) -> int:
    return folder.stat().st_mtime_ns if folder.exists() else 0
