"""Draws every page that a theme dresses in four languages, and looks at what came of it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from itertools import product
from typing import cast

import lxml.html
from flask import Flask

from deskcore.authoring.theme_check.markup import remarks
from deskcore.authoring.theme_check.samples import Sample, letters, samples
from deskcore.i18n import speaking
from deskcore.services.theme_checks import ThemeFinding
from deskcore.theme.contexts import LETTERS
from deskcore.theme.letters import html_of, text_of
from deskcore.theme.sheets import SERVED, SHEETS, references
from deskcore.theme.wearing import Wardrobe, place_of, whole

_FETCHED_BY_MAIL = re.compile(
    r"<(?:img|link|script|iframe|video|audio|object)\b|url\(", re.IGNORECASE
)
# Arabic stands for every language that runs from right to left; its words stay English.
LANGUAGES = ("en", "ru", "cs", "ar")
FIRST_VISIT = 60_000  # bytes on the wire, with style sheets and what these fetch


def drawn_findings(app: Flask) -> Iterator[ThemeFinding]:
    """Draw, and tell each thing once, in the first language it is met in."""
    told: set[tuple[str, str]] = set()
    for language in LANGUAGES:
        pages = (found for sample in samples() for found in _page(app, sample, language))
        for found in (*pages, *_letters(app, language)):
            if (found.where, found.text) not in told:
                told.add((found.where, found.text))
                yield found


def _page(app: Flask, sample: Sample, language: str) -> Iterator[ThemeFinding]:
    wardrobe = cast("Wardrobe", app.extensions["desk_themes"])
    with app.test_request_context("/help"), speaking(language):
        values = dict(sample.values)
        app.update_template_context(values)
        try:
            html = whole(wardrobe.env, sample.template, values)
        except Exception as error:
            where = place_of(error, wardrobe.layers) or sample.template
            text = f"{sample.template} cannot be drawn: {type(error).__name__}: {error}"
            yield ThemeFinding(level="error", where=where, text=text[:500])
            return
    for level, text in remarks(html, sample, language):
        yield ThemeFinding(level=level, where=sample.template, text=text)
    if language == LANGUAGES[0] and sample.is_full:
        yield from _weight(app, html, sample.template)


def _letters(app: Flask, language: str) -> Iterator[ThemeFinding]:
    wardrobe = cast("Wardrobe", app.extensions["desk_themes"])
    for letter, name, draw in product(letters(), LETTERS, (text_of, html_of)):
        template = f"{name}.{'txt' if draw is text_of else 'html'}"
        with app.app_context(), speaking(language):
            try:
                drawn = str(draw(wardrobe.env, name.removeprefix("mail/"), letter))
            except Exception as error:
                where = place_of(error, wardrobe.layers) or template
                text = f"{template} cannot be drawn: {type(error).__name__}: {error}"
                yield ThemeFinding(level="error", where=where, text=text[:500])
                continue
        if fetched := _FETCHED_BY_MAIL.search(drawn):
            text = f"A mail must not fetch anything when it is opened: {fetched[0]}"
            yield ThemeFinding(level="error", where=template, text=text)


def _weight(app: Flask, html: str, template: str) -> Iterator[ThemeFinding]:
    """Weigh what a first visit fetches: the page, style sheets, and what these name."""
    assets = app.extensions["desk_assets"]
    names = ["public.css", "icon.svg"]
    sheet = f"{SERVED}/{SHEETS['public']}"
    if assets.has(sheet):
        named = {address for _line, address in references(assets.body(sheet).decode())}
        named |= {str(each) for each in lxml.html.fromstring(html).xpath("//img/@src")}
        names += [sheet]
        names += [f"{SERVED}/{address}" for address in named if assets.has(f"{SERVED}/{address}")]
    weight = len(gzip.compress(html.encode())) + sum(assets.weight(name) for name in names)
    if weight > FIRST_VISIT:
        text = f"A first visit fetches {weight:,} bytes; {FIRST_VISIT:,} are enough on slow lines."
        yield ThemeFinding(level="warning", where=template, text=text)
