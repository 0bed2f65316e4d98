"""``python -m tests.upkeep.themes``: the reference for theme authors, written from the code.

What stands there is public API: a line that goes away, or means something else, breaks themes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_args, get_type_hints

from markupsafe import Markup

from deskcore.domain.tokens import FONTS, TOKENS, TokenKind
from deskcore.theme.contexts import CONTEXTS, LETTER, LETTERS, SITE

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "theme-authors" / "reference.md"
TEMPLATES = ROOT / "deskcore" / "templates"
_BLOCK = re.compile(r"{%-?\s*block (\w+)")
_EXTENDS = re.compile(r"{%-?\s*extends \"([^\"]+)\"")


def reference() -> str:
    """Return the page as it is by the code."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# What themes rely on"
    yield ""
    yield (
        "Written from the code by `python -m tests.upkeep.themes`; a test holds it. A name may be added in "
        "a minor release; none goes or changes its meaning before a major one."
    )
    yield ""
    yield "## Pages for customers"
    yield ""
    yield "Every page has `site`, and the value that its line names. `public/error.html` is the core's alone."
    yield ""
    yield "| template | blocks | value |"
    yield "| --- | --- | --- |"
    yield f"| `public/layout.html` | {_blocks('public/layout.html')} | `site`: {SITE.__name__} |"
    for template, (name, kind) in CONTEXTS.items():
        yield f"| `{template}` | {_blocks(template)} | `{name}`: {kind.__name__} |"
    yield ""
    yield "## Mails to customers"
    yield ""
    yield f"Each as `.txt` and `.html`, with one value, `mail`: {LETTER.__name__}."
    yield ""
    yield "| template | blocks |"
    yield "| --- | --- |"
    for name in LETTERS:
        yield f"| `{name}` | {_blocks(f'{name}.txt')} |"
    yield ""
    yield "## Values"
    for kind in _kinds():
        yield from _value(kind)
    yield ""
    yield "## Tokens"
    yield ""
    yield "| token | value | within |"
    yield "| --- | --- | --- |"
    for name, rule in TOKENS.items():
        unit = "rem" if rule.kind == TokenKind.LENGTH else ""
        within = f"{rule.least:g}{unit} to {rule.most:g}{unit}" if rule.most else ""
        yield f"| `{name}` | {rule.kind} | {within} |"
    yield ""
    yield f"Fonts by name: {', '.join(f'`{name}`' for name in FONTS)}."


def _blocks(template: str) -> str:
    names: list[str] = []
    while template:
        text = (TEMPLATES / template).read_text("utf-8")
        names += [name for name in _BLOCK.findall(text) if name not in names]
        found = _EXTENDS.search(text)
        template = found[1] if found else ""
    return ", ".join(f"`{name}`" for name in sorted(names))


def _kinds() -> list[type]:
    """Return the classes of all values, each before those it is made of."""
    found: list[type] = []
    waiting: list[type] = [SITE, *(kind for _name, kind in CONTEXTS.values()), LETTER]
    while waiting:
        kind = waiting.pop(0)
        if kind not in found:
            found.append(kind)
            waiting += [each for hint in get_type_hints(kind).values() for each in _inside(hint)]
    return found


def _inside(hint: object) -> Iterator[type]:
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for each in get_args(hint):
        yield from _inside(each)


def _value(kind: type) -> Iterator[str]:
    yield ""
    yield f"### {kind.__name__}"
    yield ""
    yield " ".join((kind.__doc__ or "").replace("``", "`").split())
    yield ""
    hints = get_type_hints(kind)
    for each in fields(kind):
        yield f"- `{each.name}`: {_words(hints[each.name])}{_remark(kind, hints[each.name])}"


def _words(hint: object) -> str:
    if isinstance(hint, type) and not get_args(hint):
        return hint.__name__
    return str(hint).replace("deskcore.domain.public_views.", "")


def _remark(kind: type, hint: object) -> str:
    return ", a slot: what plugins put there" if hint is Markup and kind is not LETTER else ""


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
