"""What can be known of a theme from its files: style sheets, pictures, sizes, strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from deskcore.services.theme_checks import ThemeFinding
from deskcore.theme.discovery import FoundTheme
from deskcore.theme.loader import TEMPLATES
from deskcore.theme.manifest import FILE_NAME
from deskcore.theme.sheets import (
    FILE_KINDS,
    LARGEST_FILE,
    LARGEST_SHEET,
    PICTURES,
    SHEETS,
    is_own,
    objections,
    read_sheet,
    references,
)

# What may lie in a theme's folder beside what the desk uses of it.
_PAPERS = re.compile(r"(README|LICENSE|CHANGELOG|NOTICE)(\.\w+)?|.*\.md")
_PHYSICAL = re.compile(
    r"(?<![\w-])((?:margin|padding|border)-(?:left|right)|left|right|float\s*:\s*(?:left|right)"
    r"|text-align\s*:\s*(?:left|right))\b(?=\s*[:;}])"
)
_PORTRAIT_BYTES = 300_000


def file_findings(found: FoundTheme) -> Iterator[ThemeFinding]:
    """Look through the folder of a theme."""
    for name in SHEETS.values():
        yield from _sheet(found.folder, name)
    for path in sorted(found.folder.rglob("*")):
        inside = path.relative_to(found.folder)
        if path.is_file() and not any(part.startswith((".", "_" * 2)) for part in inside.parts):
            yield from _file(found, path, inside)
    yield from _portrait(found)


def _sheet(folder: Path, name: str) -> Iterator[ThemeFinding]:
    text = read_sheet(folder, name)
    if len(text.encode()) > LARGEST_SHEET:
        yield _error(name, f"It has more than {LARGEST_SHEET:,} bytes and would not be served.")
    for line, reason in objections(text):
        yield _error(f"{name}:{line}", reason)
    for line, address in references(text):
        path = unquote(address.partition("?")[0].partition("#")[0])
        if is_own(address) and path and ":" not in path and not (folder / path).is_file():
            # A parent may have it; then it is served, and drawing the pages does not miss it.
            yield _warning(f"{name}:{line}", f"There is no {address} in this theme's own folder.")
    for number, line_text in enumerate(text.splitlines(), 1):
        if side := _PHYSICAL.search(line_text):
            yield _warning(
                f"{name}:{number}",
                f"{side[1]!r} does not mirror on pages that run from right to left; there are "
                "logical properties, such as margin-inline-start.",
            )


def _file(found: FoundTheme, path: Path, inside: Path) -> Iterator[ThemeFinding]:
    where = inside.as_posix()
    if path.is_symlink():
        yield _warning(where, "It is a link, and links are not followed.")
    elif inside.parts[0] == PICTURES:
        if path.suffix.lower() not in FILE_KINDS:
            kinds = ", ".join(sorted(FILE_KINDS))
            yield _warning(where, f"It is never served: pictures and fonts are {kinds}.")
        elif path.stat().st_size > LARGEST_FILE:
            yield _error(where, f"It has more than {LARGEST_FILE:,} bytes and is not served.")
    elif path.suffix == ".py":
        yield _warning(where, "A theme has no code; this is never run.")
    elif not _is_known(found, inside):
        yield _note(where, "The desk does not use this file.")


def _is_known(found: FoundTheme, inside: Path) -> bool:
    names = {FILE_NAME, *SHEETS.values(), found.manifest.screenshot if found.manifest else ""}
    return (
        inside.parts[0] == TEMPLATES
        or inside.as_posix() in names
        or _PAPERS.fullmatch(inside.name) is not None
    )


def _portrait(found: FoundTheme) -> Iterator[ThemeFinding]:
    name = found.manifest.screenshot if found.manifest else ""
    if not name:
        yield _note(FILE_NAME, "Without a screenshot people choose it by its name alone.")
    elif not (found.folder / name).is_file():
        yield _warning(FILE_NAME, f"There is no {name}.")
    elif (found.folder / name).stat().st_size > _PORTRAIT_BYTES:
        yield _warning(name, f"A screenshot of more than {_PORTRAIT_BYTES:,} bytes loads slowly.")


def _error(where: str, text: str) -> ThemeFinding:
    return ThemeFinding(level="error", where=where, text=text)


def _warning(where: str, text: str) -> ThemeFinding:
    return ThemeFinding(level="warning", where=where, text=text)


def _note(where: str, text: str) -> ThemeFinding:
    return ThemeFinding(level="note", where=where, text=text)
