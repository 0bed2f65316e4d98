"""Mails to customers, drawn from templates: the plain text and the HTML of one letter.

The words of the letter are what somebody wrote or the owner set: a theme dresses them. One whose
template loses them has failed, and the letter is drawn by the core.
"""

from __future__ import annotations

import re

from jinja2 import Environment
from markupsafe import Markup

from deskcore.domain.html import to_text
from deskcore.domain.public_views import Letter
from deskcore.theme.wearing import wardrobe, whole

_SPACE = re.compile(r"\s+")


class LostWords(ValueError):
    """A template left out what the mail says."""


def draw_letter(name: str, letter: Letter) -> tuple[str, str]:
    """Return text and HTML of the letter ``mail/<name>``, with the theme or without it."""
    text = str(wardrobe().draw(f"mail/{name}.txt", lambda env: text_of(env, name, letter)))
    html = str(wardrobe().draw(f"mail/{name}.html", lambda env: html_of(env, name, letter)))
    return text, html


def text_of(env: Environment, name: str, letter: Letter) -> Markup:
    """Draw the plain text of a letter; raises ``LostWords`` for a template that loses some."""
    drawn = whole(env, f"mail/{name}.txt", {"mail": letter})
    _check(str(drawn), letter.text, letter.link)
    return drawn


def html_of(env: Environment, name: str, letter: Letter) -> Markup:
    """Draw the HTML of a letter; raises ``LostWords`` for a template that loses some."""
    drawn = whole(env, f"mail/{name}.html", {"mail": letter})
    _check(to_text(str(drawn)), to_text(str(letter.html)), letter.link)
    return drawn


def _check(drawn: str, *wanted: str) -> None:
    said = _SPACE.sub("", drawn)
    if any(_SPACE.sub("", words) not in said for words in wanted):
        raise LostWords("It leaves out what the mail says.")
