"""Put the code of bundled plugins into the chapters of the guide, where a marker asks for it.

    .venv/bin/python -m tests.upkeep.chapters

A marker is a line such as ``<!-- code: plugins/telegram/incoming.py Incoming.wait -->``; the block
below it is written from what is called so there, a class without its methods. Tests compare, so that a
chapter cannot rot. Names: functions, classes, methods and constants at the top of a file.
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path
from textwrap import dedent

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "docs" / "plugin-authors"
MARKED = re.compile(
    r"^<!-- code: (?P<file>[\w./]+) (?P<name>[\w.]+) -->\n\n```python\n(?P<code>.*?)^```$",
    flags=re.DOTALL | re.MULTILINE,
)


def main() -> int:
    """Write the chapters anew; returns 1 when one has changed."""
    changed = 0
    for page in chapters():
        before = page.read_text()
        after = filled(before)
        if after != before:
            page.write_text(after)
            sys.stdout.write(f"{page.name} was written anew\n")
            changed = 1
    return changed


def chapters() -> list[Path]:
    """List the pages with markers."""
    return [page for page in sorted(PAGES.glob("*.md")) if "<!-- code: " in page.read_text()]


def filled(text: str) -> str:
    """Return a page with the code that its markers name."""
    return MARKED.sub(
        lambda found: (
            f"<!-- code: {found['file']} {found['name']} -->\n\n"
            f"```python\n{code_of(ROOT / found['file'], found['name'])}```"
        ),
        text,
    )


def code_of(path: Path, name: str) -> str:
    """Return the lines of what is called *name* in a file, moved to the left."""
    text = path.read_text()
    nodes: list[ast.stmt] = ast.parse(text).body
    for part in name.split("."):
        node = next(node for node in nodes if part in _names(node))
        nodes = node.body if isinstance(node, ast.ClassDef) else []
    end = node.end_lineno
    if isinstance(node, ast.ClassDef):
        methods = [each for each in node.body if isinstance(each, ast.FunctionDef)]
        end = methods[0].lineno - 1 - len(methods[0].decorator_list) if methods else end
    begin = min([node.lineno, *(each.lineno for each in getattr(node, "decorator_list", []))])
    lines = text.splitlines()[begin - 1 : end]
    return dedent("\n".join(lines)).rstrip() + "\n"


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


if __name__ == "__main__":
    sys.exit(main())
