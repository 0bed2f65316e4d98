"""Looks at a drawn page as browsers and people with other means than eyes and a mouse do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import lxml.html

from deskcore.authoring.theme_check.samples import Sample
from deskcore.services.theme_checks import Level

Remark = tuple[Level, str]
RIGHT_TO_LEFT = frozenset({"ar"})
_Element = Any  # of the parser, which has no types
# What is fetched, or sent to, by itself or by a press of a button; links lead where they like.
_FETCHED = (
    ("img", "src"),
    ("img", "srcset"),
    ("source", "src"),
    ("source", "srcset"),
    ("link", "href"),
    ("script", "src"),
    ("video", "src"),
    ("video", "poster"),
    ("audio", "src"),
    ("form", "action"),
    ("button", "formaction"),
    ("input", "formaction"),
)
_OWN = ("/", "#", "?", "data:image/")


def remarks(html: str, sample: Sample, language: str) -> Iterator[Remark]:
    """Say what is wrong with a page; the text is for the theme's author."""
    page = lxml.html.document_fromstring(html)
    yield from _head(page, language)
    yield from _landmarks(page)
    yield from _names(page)
    yield from _fields(page)
    yield from _strangers(page)
    for slot, mark in sample.slots.items():
        if mark not in html:
            yield "warning", f"The slot {slot} is not on the page: what plugins put there is lost."
    if sample.is_full and "hreflang" not in html:
        yield "warning", "There is no choice of language (site.languages)."


def _head(page: _Element, language: str) -> Iterator[Remark]:
    if page.get("lang") != language:
        yield "error", '<html> needs lang="{{ page_lang() }}".'
    if (page.get("dir") or "ltr") != ("rtl" if language in RIGHT_TO_LEFT else "ltr"):
        yield "error", '<html> needs dir="{{ page_dir() }}".'
    if not (page.findtext(".//title") or "").strip():
        yield "error", "The page has no <title>."
    if not page.xpath("//meta[@name='viewport']"):
        yield "error", 'There is no <meta name="viewport">: phones show a tiny page.'


def _landmarks(page: _Element) -> Iterator[Remark]:
    mains = page.xpath("//main | //*[@role='main']")
    if len(mains) != 1:
        yield "error", f"A page has one <main>, this one has {len(mains)}."
    elif mains[0].get("id") != "main":
        yield "error", '<main> needs id="main": the link to skip to it leads there.'
    headings = page.xpath("//h1")
    if len(headings) != 1:
        yield "error", f"A page has one <h1>, this one has {len(headings)}."
    elif mains and not mains[0].xpath(".//h1"):
        yield "error", "The <h1> stands outside of <main>."
    for tag in ("header", "footer"):
        if not page.xpath(f"//body//{tag}"):
            yield "warning", f"There is no <{tag}>, by which people find their way."
    if not page.xpath("//a[@href='#main']"):
        yield "warning", "There is no link to skip to the content (#main)."


def _names(page: _Element) -> Iterator[Remark]:
    ids = Counter(element.get("id") for element in page.iter() if element.get("id"))
    for name, count in ids.items():
        if count > 1:
            yield "error", f"The id {name!r} is there {count} times."
    for image in page.iter("img"):
        if image.get("alt") is None:
            yield "error", "A picture has no alt text (an empty one for decoration)."


def _fields(page: _Element) -> Iterator[Remark]:
    for field in page.xpath("//input[not(@type='hidden')] | //textarea | //select"):
        is_named = field.get("aria-label") or field.get("aria-labelledby")
        is_inside = any(True for _label in field.iterancestors("label"))
        has_label = page.xpath("//label[@for=$name]", name=field.get("id") or "")
        if not (is_named or is_inside or has_label):
            yield "error", f"A field ({field.get('name') or field.tag}) has no <label>."
    for form in page.xpath("//form[translate(@method, 'POST', 'post')='post']"):
        if not form.xpath(".//input[@name='csrf_token']"):
            yield "error", "A form that sends (post) lacks its csrf_token; the desk refuses it."


def _strangers(page: _Element) -> Iterator[Remark]:
    for tag, attribute in _FETCHED:
        for element in page.iter(tag):
            address = str(element.get(attribute) or "")
            if address.startswith("//") or (address and not address.startswith(_OWN)):
                yield "error", f"<{tag} {attribute}> leads to {address[:80]!r}, which is elsewhere."
