"""What a theme has to be fetched: its two style sheets, its pictures and fonts, its portrait.

Style sheets are read by a parser and written anew inside the layer ``theme``: no bracket that is
left open reaches what comes after, and what would fetch from other machines is not written.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import tinycss2

from deskcore.domain.css_text import Node, Unreadable, rules_of
from deskcore.theme.discovery import FoundTheme

PUBLIC_SHEET, AGENT_SHEET = "public.css", "style.css"
SHEETS = {"public": PUBLIC_SHEET, "agent": AGENT_SHEET}
# Where the worn theme is among the desk's static files, and where portraits of all themes are.
SERVED, PORTRAITS = "theme", "themes"
PICTURES = "images"
# No script and no page: a file of a theme is shown, never run.
FILE_KINDS = frozenset({".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".svg", ".woff2"})
LARGEST_SHEET = 100_000  # bytes
LARGEST_FILE = 400_000


def served(layers: Sequence[FoundTheme]) -> dict[str, bytes]:
    """Return the files of a worn theme by their name among the desk's, parents' beneath its own."""
    files: dict[str, bytes] = {}
    for layer in reversed(layers):
        for path in pictures(layer.folder):
            files[f"{SERVED}/{path.relative_to(layer.folder).as_posix()}"] = path.read_bytes()
    for name in SHEETS.values():
        text = "\n".join(sheet(layer.folder, name) for layer in reversed(layers)).strip()
        if text:
            files[f"{SERVED}/{name}"] = f"@layer theme {{\n{text}\n}}\n".encode()
    return files


def portraits(there: Iterable[FoundTheme]) -> dict[str, bytes]:
    """Return the screenshots of all themes, by their name among the desk's files."""
    found: dict[str, bytes] = {}
    for theme in there:
        name = theme.manifest.screenshot if theme.manifest else ""
        path = theme.folder / name
        if name and _is_servable(path, theme.folder):
            found.setdefault(portrait_name(theme.slug, name), path.read_bytes())
    return found


def portrait_name(slug: str, screenshot: str) -> str:
    """Name a theme's screenshot among the desk's files."""
    return f"{PORTRAITS}/{slug}/{screenshot}"


def pictures(folder: Path) -> Iterator[Path]:
    """Give the pictures and fonts of a theme that are served."""
    for path in sorted((folder / PICTURES).rglob("*")):
        if _is_servable(path, folder):
            yield path


def sheet(folder: Path, name: str) -> str:
    """Return one style sheet of a theme, written anew; empty when there is none to be used."""
    text = read_sheet(folder, name)
    if not text or len(text.encode()) > LARGEST_SHEET:
        return ""
    try:
        rules = rules_of(text)
    except Unreadable:
        return ""
    kept = [rule for rule in rules if not any(reason for _line, reason in _reasons([rule]))]
    return "\n".join(tinycss2.serialize([rule]) for rule in kept)


def read_sheet(folder: Path, name: str) -> str:
    """Return one style sheet as its author wrote it; empty when there is none."""
    path = folder / name
    if not path.is_file() or not path.resolve().is_relative_to(folder.resolve()):
        return ""
    return path.read_text("utf-8", errors="replace")


def objections(text: str) -> list[tuple[int, str]]:
    """Say, with the line, which rules of a style sheet are left out, and why."""
    try:
        return list(_reasons(rules_of(text)))
    except Unreadable:
        return [(1, "It is no CSS: brackets or a number have no end.")]


def references(text: str) -> Iterator[tuple[int, str]]:
    """Give the addresses that a style sheet names, with their lines."""
    try:
        rules = rules_of(text)
    except Unreadable:
        return
    for node in _within(rules):
        if address := _address(node):
            yield node.source_line, address


def is_own(address: str) -> bool:
    """Whether an address is a file of the theme, or a part of this very page."""
    if address.startswith(("data:image/", "data:font/", "#")):
        return True
    inside = posixpath.normpath(address)
    return ":" not in address and "\\" not in address and inside.startswith(f"{PICTURES}/")


def _is_servable(path: Path, folder: Path) -> bool:
    return (
        path.is_file()
        and path.suffix.lower() in FILE_KINDS
        and path.resolve().is_relative_to(folder.resolve())
        and path.stat().st_size <= LARGEST_FILE
    )


def _reasons(rules: Iterable[Node]) -> Iterator[tuple[int, str]]:
    for node in _within(rules):
        line: int = node.source_line
        if node.type == "error":
            yield line, "It is no CSS: look for a bracket or quote too many."
        elif node.type == "at-rule" and node.lower_at_keyword in {"import", "charset", "namespace"}:
            yield line, f"@{node.lower_at_keyword} cannot be used in a theme."
        elif node.type == "at-rule" and node.lower_at_keyword == "layer":
            yield line, "A theme has one layer; what is written in another one is left out."
        elif (address := _address(node)) and not is_own(address):
            yield line, f"{address[:80]!r} is no file in the theme's folder {PICTURES}."


def _address(node: Node) -> str:
    """Return the address that a node of CSS fetches, empty for none."""
    if node.type == "url":
        return str(node.value)
    if node.type == "function" and node.lower_name in {"url", "src"}:
        words = [each for each in node.arguments if each.type != "whitespace"]
        return str(getattr(words[0], "value", "?")) if len(words) == 1 else "?"
    if node.type == "function" and node.lower_name.endswith("image-set"):
        return next((str(e.value) for e in node.arguments if e.type == "string"), "")
    return ""


def _within(nodes: Iterable[Node]) -> Iterator[Node]:
    """Go through everything, also what stands in brackets, selectors and arguments."""
    for node in nodes:
        yield node
        for part in ("prelude", "content", "arguments"):
            yield from _within(getattr(node, part, None) or ())
