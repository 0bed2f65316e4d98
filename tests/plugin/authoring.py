"""Writes small plugins into a folder, as an author would."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path

from deskcore.plugin.discovery import NAMESPACE


def write_plugin(folder: Path, slug: str, code: str = "", manifest: str = "") -> Path:
    """Make a plugin with *code* in its package; *manifest* are further lines of its manifest."""
    home = folder / slug
    home.mkdir(parents=True)
    # An earlier test's folder may have had this path, and its plugin this name.
    sys.modules.pop(f"{NAMESPACE}.{slug}", None)
    lines = [
        "[plugin]",
        f'slug = "{slug}"',
        f'name = "{slug.replace("_", " ").title()}"',
        'version = "1.0"',
        'summary = "Made for a test."',
        'desk = ">=0.1"' if "desk =" not in manifest else "",
        manifest,
    ]
    (home / "plugin.toml").write_text("\n".join(lines), encoding="utf-8")
    (home / "__init__.py").write_text(textwrap.dedent(code), encoding="utf-8")
    return home
