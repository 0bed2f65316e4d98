"""The custom properties of core's own style sheet, as values: what themes and owners build on."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import tinycss2

from deskcore.domain.tokens import TokenLayer

SHEET = Path(__file__).resolve().parent.parent / "static" / "css" / "tokens.css"

_BOTH = re.compile(r"light-dark\((#[0-9a-f]+), (#[0-9a-f]+)\)")
_Node = Any  # of the parser, which has no types


@cache
def core_tokens() -> TokenLayer:
    """Return every property that core sets for all readers."""
    return _layer(_layer_rules("qualified-rule")[0])


@cache
def stronger_core_tokens() -> TokenLayer:
    """Return those that core sets for readers who ask their device for more contrast."""
    queries = _layer_rules("at-rule")
    [query] = [rule for rule in queries if "contrast" in tinycss2.serialize(rule.prelude)]
    return _layer(_parsed(query.content)[0])


def _layer_rules(kind: str) -> list[_Node]:
    """Return the rules of one kind inside the sheet's only layer."""
    [layer] = [rule for rule in _parsed(SHEET.read_text("utf-8")) if rule.content is not None]
    return [rule for rule in _parsed(layer.content) if rule.type == kind]


def _parsed(css: str | list[_Node]) -> list[_Node]:
    found: list[_Node] = tinycss2.parse_rule_list(css, skip_comments=True, skip_whitespace=True)
    return found


def _layer(rule: _Node) -> TokenLayer:
    light, dark = {}, {}
    for node in tinycss2.parse_blocks_contents(rule.content):
        if node.type == "declaration" and node.name.startswith("--"):
            name, value = node.name.removeprefix("--"), tinycss2.serialize(node.value).strip()
            colours = _BOTH.fullmatch(value)
            light[name], dark[name] = colours.groups() if colours else (value, value)
    return TokenLayer(light=light, dark=dark)
