"""What can be known of a theme's templates by reading them: blocks that are gone, what opens doors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import cast

from flask import Flask
from jinja2 import Environment, TemplateError, TemplateSyntaxError, nodes

from deskcore.services.theme_checks import ThemeFinding
from deskcore.theme.discovery import FoundTheme
from deskcore.theme.loader import PARENT, TEMPLATES, LayeredLoader, is_themed
from deskcore.theme.wearing import Wardrobe

# Read in the text, where they stand for every reader: the page's policy refuses them anyway.
_REFUSED = (
    (re.compile(r"<script\b", re.IGNORECASE), "Scripts do not run on customers' pages."),
    (re.compile(r"\sstyle\s*=", re.IGNORECASE), "Style attributes are refused; use the sheet."),
    (re.compile(r"<style\b", re.IGNORECASE), "Style elements are refused; use the sheet."),
    (re.compile(r"\son[a-z]+\s*=", re.IGNORECASE), "Event attributes are scripts, and do not run."),
    (
        re.compile(r"<(?:iframe|object|embed|base)\b", re.IGNORECASE),
        "A theme frames and embeds nothing.",
    ),
)
_MAIL = "mail/"


def template_findings(app: Flask, found: FoundTheme) -> Iterator[ThemeFinding]:
    """Look through the templates of the theme itself; its parents have their own checks."""
    folder = found.folder / TEMPLATES
    env = cast("Wardrobe", app.extensions["desk_themes"]).env
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file():
            where = f"{TEMPLATES}/{name}"
            if not is_themed(name):
                text = "Nobody asks for it: themes override public/*.html and mail/* only."
                yield ThemeFinding(level="warning", where=where, text=text)
            else:
                yield from _template(env, name, where)


def _template(env: Environment, name: str, where: str) -> Iterator[ThemeFinding]:
    try:
        text = _source(env, name)
        tree = env.parse(text, name, where)
    except UnicodeDecodeError:
        yield ThemeFinding(level="error", where=where, text="It is no text in UTF-8.")
        return
    except TemplateSyntaxError as error:
        yield ThemeFinding(level="error", where=f"{where}:{error.lineno}", text=str(error.message))
        return
    yield from _doors(tree, where)
    if not name.startswith(_MAIL):
        yield from _refused(text, where)
    yield from _lost_blocks(env, name, tree, where)


def _doors(tree: nodes.Template, where: str) -> Iterator[ThemeFinding]:
    """Find what would let words of people become markup."""
    for node in tree.find_all(nodes.Filter):
        if node.name == "safe":
            text = "Without |safe, please: what people wrote would become markup."
            yield ThemeFinding(level="error", where=f"{where}:{node.lineno}", text=text)
    for option in tree.find_all(nodes.EvalContextModifier):
        text = "Escaping cannot be turned off: what people wrote would become markup."
        yield ThemeFinding(level="error", where=f"{where}:{option.lineno}", text=text)


def _refused(text: str, where: str) -> Iterator[ThemeFinding]:
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, reason in _REFUSED:
            if pattern.search(line):
                yield ThemeFinding(level="error", where=f"{where}:{number}", text=reason)


def _lost_blocks(
    env: Environment, name: str, tree: nodes.Template, where: str
) -> Iterator[ThemeFinding]:
    """Find blocks that are never shown: nothing below asks for a block of that name."""
    if next(tree.find_all(nodes.Extends), None) is None:
        return
    try:
        asked_for = _blocks_below(env, name, tree)
    except (TemplateError, UnicodeDecodeError):
        return  # a template below is told of by itself, or when the page is drawn
    for block in tree.body:
        if isinstance(block, nodes.Block) and block.name not in asked_for:
            known = ", ".join(sorted(asked_for)) or "none"
            text = (
                f"The block {block.name!r} is never shown: the page below has {known}. Was it "
                "renamed?"
            )
            yield ThemeFinding(level="error", where=f"{where}:{block.lineno}", text=text)


def _blocks_below(env: Environment, name: str, tree: nodes.Template) -> set[str]:
    """Name every block of the chain of templates that *name* extends."""
    found: set[str] = set()
    seen = {name}
    while (extends := next(tree.find_all(nodes.Extends), None)) is not None:
        if not isinstance(extends.template, nodes.Const):
            return found | {block.name for block in tree.find_all(nodes.Block)}
        name = env.join_path(str(extends.template.value), name)
        if name in seen or PARENT in name:
            return found
        seen.add(name)
        tree = env.parse(_source(env, name))
        found |= {block.name for block in tree.find_all(nodes.Block)}
    return found


def _source(env: Environment, name: str) -> str:
    return cast("LayeredLoader", env.loader).get_source(env, name)[0]
