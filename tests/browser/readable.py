"""Whether a page can be read by everybody: axe, and no scrolling sideways.

axe costs a quarter of a second a look. Every language is looked at in both widths and both colours,
two looks each, and every width in every colour: all pairs are seen. ``DESK_TEST_EVERYTHING=1``
looks at all in all.
"""

from __future__ import annotations

import os
from typing import Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

WIDE, PHONE, NARROWEST = 1440, 360, 320
Colours = Literal["light", "dark"]
LOOKS: list[tuple[int, Colours]] = [
    (WIDE, "light"),
    (WIDE, "dark"),
    (PHONE, "light"),
    (PHONE, "dark"),
]
ALL_PAIRS: dict[str, list[tuple[int, Colours]]] = {
    "en": [(WIDE, "light"), (PHONE, "dark")],
    "ru": [(WIDE, "dark"), (PHONE, "light")],
    "cs": [(WIDE, "light"), (PHONE, "dark")],
}
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# Frames show customers' own mail, whose markup is theirs. Of a long list, drawn by one template,
# the first rows are enough.
RUN = """([values, part]) => axe.run({include: [part], exclude: ['.rows > li:nth-child(n+7)']}, {
  runOnly: {type: 'tag', values}, iframes: false, preload: false,
  reporter: 'no-passes', resultTypes: ['violations'],
})"""
OVERFLOWS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def problems(page: Page, part: str = "html") -> list[str]:
    """Look at the page as it stands, or a part of it: wide and on a phone, light and dark.

    The context must bypass the content security policy, or axe could not be loaded into it.
    """
    found: list[str] = []
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    for width, colours in _looks(page):
        page.set_viewport_size({"width": width, "height": 900 if width == WIDE else 740})
        page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        found += _axe(page, f"{width} {colours}", part)
    return found + too_wide(page)


def check(page: Page) -> None:
    """Expect nothing wrong with the page as it stands: in this width, these colours, this state."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    page.emulate_media(reduced_motion="reduce")  # what fades in is pale for a moment
    size = page.viewport_size or {"width": 0}
    found = _axe(page, str(size["width"]))
    assert found == [], "\n".join(found)
    assert not page.evaluate(OVERFLOWS), f"{_path(page)} scrolls sideways"


def too_wide(page: Page) -> list[str]:
    """Look whether a page scrolls sideways on the narrowest phones."""
    found = []
    for width in (PHONE, NARROWEST):
        page.set_viewport_size({"width": width, "height": 740})
        if page.evaluate(OVERFLOWS):
            found.append(f"{_path(page)} at {width}: scrolls sideways")
    return found


def _looks(page: Page) -> list[tuple[int, Colours]]:
    language = page.evaluate("document.documentElement.lang")
    return LOOKS if "DESK_TEST_EVERYTHING" in os.environ else ALL_PAIRS.get(language, LOOKS)


def _axe(page: Page, how: str, part: str = "html") -> list[str]:
    violations = page.evaluate(RUN, [list(RULES), part])["violations"]
    return [
        f"{_path(page)} at {how}: {violation['id']}: {node['html'][:200]}"
        for violation in violations
        for node in violation["nodes"][:3]
    ]


def _path(page: Page) -> str:
    return page.evaluate("location.pathname + location.search")
