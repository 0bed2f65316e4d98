"""What the pages of a plugin are held to, told before any of them is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Blueprint, Flask
from jinja2 import FileSystemLoader
from werkzeug.routing import Rule

_METHODS = ({"GET"}, {"POST"})
_ALWAYS = {"HEAD", "OPTIONS"}
# Marks text as markup, or takes all of it for that: a customer's words would become part of the page.
_UNESCAPED = re.compile(r"\|\s*safe\b|\{%[-+]?\s*autoescape\s+(?!true\b)")


def objections(slug: str, blueprint: Blueprint, trial: Flask) -> Iterator[str]:
    """Say what is wrong with a blueprint that was registered with *trial*, an app of its own."""
    name = blueprint.name
    if name != slug and not name.startswith(f"{slug}_"):
        yield f"The blueprint {name!r} must be named {slug!r}, or begin with {slug + '_'!r}."
    for rule in trial.url_map.iter_rules():
        yield from _about_rule(slug, name, rule)
    yield from _about_templates(slug, blueprint)


def _about_rule(slug: str, blueprint: str, rule: Rule) -> Iterator[str]:
    home = f"/p/{slug}"
    if rule.rule != home and not rule.rule.startswith(f"{home}/"):
        yield f"The route {rule.rule} is outside {home}/, where its pages belong."
    if not rule.endpoint.startswith(f"{blueprint}."):
        yield f"The route {rule.rule} is called {rule.endpoint!r}, as if it were not its own."
    methods = (rule.methods or set()) - _ALWAYS
    if methods not in _METHODS:
        told = " and ".join(sorted(methods))
        yield (
            f"The view {rule.endpoint} answers {told}: make it one for GET, which changes nothing, "
            "and one for POST."
        )


def _about_templates(slug: str, blueprint: Blueprint) -> Iterator[str]:
    loader = blueprint.jinja_loader
    if not isinstance(loader, FileSystemLoader):
        return
    for name in loader.list_templates():
        if not name.startswith(f"plugins/{slug}/"):
            yield f"The template {name} must lie in plugins/{slug}/."
            continue
        for folder in loader.searchpath:
            found = _UNESCAPED.search(_text(folder, name))
            if found:
                yield (
                    f"The template {name} says {found[0].strip()!r}: what people wrote would become "
                    "part of the page. Make markup in Python, of words that you wrote yourself."
                )


def _text(folder: str, name: str) -> str:
    with open(f"{folder}/{name}", encoding="utf-8", errors="replace") as file:  # noqa: PTH123  as jinja names it
        return file.read()
