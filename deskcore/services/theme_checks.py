"""Has a theme looked through by a process of its own, and tells what was found."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from deskcore.config import Config
from deskcore.errors import Unavailable
from deskcore.i18n import _
from deskcore.services.errands import ask

# Every page in four languages takes two seconds; with a browser ten.
PATIENCE_S = 120.0
_MODULE = "deskcore.cli.theme_errand"

Level = Literal["error", "warning", "note"]


@dataclass(frozen=True, kw_only=True)
class ThemeFinding:
    """One thing that was found: an error keeps the theme from being worn.

    The text is for the theme's author, and English.
    """

    level: Level
    where: str
    text: str


def check(config: Config, folder: Path, *, patience_s: float = PATIENCE_S) -> list[ThemeFinding]:
    """Look through the theme in *folder*; one whose check does not end has that error."""
    asked = {"config": config.model_dump(mode="json"), "folder": str(folder)}
    answer = ask(_MODULE, asked, patience_s=patience_s)
    if not answer.text and answer.code > 0:
        raise Unavailable(_("The check could not be run; nothing was changed. The log says why."))
    if not answer.text:
        text = f"The check of its pages did not end within {patience_s:g} seconds."
        return [ThemeFinding(level="error", where="templates", text=text)]
    return [ThemeFinding(**found) for found in json.loads(answer.text)]


def errors(findings: Sequence[ThemeFinding]) -> list[ThemeFinding]:
    """Return what keeps a theme from being worn."""
    return [finding for finding in findings if finding.level == "error"]
