"""Writes small themes into a folder, as an author would."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def write_theme(
    folder: Path,
    slug: str,
    files: Mapping[str, str] | None = None,
    *,
    parent: str = "",
    manifest: str = "",
) -> Path:
    """Make a theme with *files* by their path inside it; *manifest* are further lines."""
    home = folder / slug
    lines = [
        "[theme]",
        f'slug = "{slug}"',
        f'name = "{slug.replace("_", " ").title()}"',
        'version = "1.0"',
        'desk = ">=0.1"' if "desk =" not in manifest else "",
        f'parent = "{parent}"' if parent else "",
        manifest,
    ]
    for path, text in {"theme.toml": "\n".join(lines), **(files or {})}.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text, encoding="utf-8")
    return home
