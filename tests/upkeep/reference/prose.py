"""Docstrings as Markdown, and the facts at their end: ``When:``, ``Where:``, ``Fault:``, ``Since:``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Mapping

GENERATED = (
    "<!-- Written from the code by `python -m tests.upkeep.reference`: change the code instead. -->"
)
FACTS = ("When", "Where", "Fault", "Since")
_FACT = re.compile(rf"^({'|'.join(FACTS)}): (.*(?:\n +\S.*)*)", re.MULTILINE)


def facts(docstring: str | None) -> dict[str, str]:
    """Return the facts that a docstring ends with."""
    return {
        name: _in_a_line(said) for name, said in _FACT.findall(inspect.cleandoc(docstring or ""))
    }


def prose(docstring: str | None) -> str:
    """Return the rest of a docstring as Markdown: paragraphs in one line each, code as code."""
    told = _FACT.sub("", inspect.cleandoc(docstring or "")).strip()
    paragraphs = re.split(r"\n\s*\n", told)
    return "\n\n".join(map(_paragraph, paragraphs))


def code(word: str) -> str:
    """Write a word as code; nothing stays nothing."""
    return f"`{word}`" if word else ""


def line(docstring: str | None) -> str:
    """Return a docstring as one line, for lists and cells."""
    return prose(docstring).replace("\n\n", " ")


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return the lines of a table; nothing when there are no rows."""
    cells = [[_cell(word) for word in row] for row in rows]
    titles = list(head)
    if not cells:
        return []
    rule = ["---"] * len(titles)
    return ["| " + " | ".join(row) + " |" for row in (titles, rule, *cells)]


def told(names: Mapping[str, str]) -> list[str]:
    """Return facts as a list, each with its name in bold."""
    return [f"* **{name}**: {said}" for name, said in names.items() if said]


def joined(*parts: str | Iterable[str]) -> str:
    """Put the parts of a page together, a blank line between them."""
    blocks = (part if isinstance(part, str) else "\n".join(part) for part in parts)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _paragraph(text: str) -> str:
    if text.startswith(("::", "    ")):
        return "```python\n" + inspect.cleandoc(text.removeprefix("::")).strip() + "\n```"
    return _in_a_line(text).replace("``", "`")


def _in_a_line(text: str) -> str:
    return " ".join(text.split()).replace("``", "`")


def _cell(word: str) -> str:
    return word.replace("|", "\\|").replace("\n", " ")
