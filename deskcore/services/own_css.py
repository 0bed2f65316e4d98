"""CSS that an owner writes for public pages: read by a parser, refused where it reaches out.

What is served is written anew from what was understood, inside a layer of its own: no bracket,
string or comment that is left open can end that layer or hide what comes behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import tinycss2

from deskcore.domain.css_text import Node, Unreadable, rules_of
from deskcore.errors import Invalid, Problem
from deskcore.i18n import _

LONGEST_CSS = 16_000
# A page must not tell other servers who reads it, and must look the same when they are away.
_FETCHING = frozenset({"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade"})
_ALLOWED_RULES = frozenset({"media", "supports", "container", "keyframes"})


def check_css(text: str, *, field: str = "css") -> None:
    """Raise Invalid with the line of whatever cannot be used."""
    if len(text) > LONGEST_CSS:
        message = _("Use at most %(most)s characters of CSS.", most=LONGEST_CSS)
        raise Invalid([Problem(field=field, message=message)])
    problems = [Problem(field=field, message=reason) for reason in _reasons(_rules(text, field))]
    if problems:
        raise Invalid(problems[:5])


def scoped(text: str) -> str:
    """Write checked CSS anew, each bracket and string of it closed."""
    check_css(text)
    written: str = tinycss2.serialize(_rules(text))
    return written


def _rules(text: str, field: str = "css") -> list[Node]:
    try:
        return rules_of(text)
    except Unreadable:
        message = _("This is no CSS that can be read: brackets or a number have no end.")
        raise Invalid([Problem(field=field, message=message)]) from None


def _reasons(rules: Iterable[Node]) -> Iterator[str]:
    for node in _within(rules):
        where = {"line": node.source_line}
        if node.type == "error":
            yield _("Line %(line)s is no CSS: look for a bracket or quote too many.", **where)
        elif node.type in {"at-rule", "at-keyword"}:
            name = node.lower_at_keyword if node.type == "at-rule" else node.lower_value
            if name not in _ALLOWED_RULES:
                yield _("Line %(line)s: @%(name)s cannot be used here.", name=name[:20], **where)
        elif node.type == "url" or (node.type == "function" and node.lower_name in _FETCHING):
            yield _("Line %(line)s: CSS here cannot fetch pictures, fonts or files.", **where)


def _within(nodes: Iterable[Node]) -> Iterator[Node]:
    """Go through everything, also what stands in brackets, selectors and arguments."""
    for node in nodes:
        yield node
        for part in ("prelude", "content", "arguments"):
            yield from _within(getattr(node, part, None) or ())
