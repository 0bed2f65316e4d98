"""``python -m tests.shelf.gallery``: list the pictures of the shelf in the pages for admins.

A page ends with the line ``<!-- pictures: catalogue -->``; what follows is written from the screens.
"""

from __future__ import annotations

import re
from pathlib import Path

from tests.shelf.screens import PAGE_OF, SCREENS, Screen, picture_of

DOCS = Path(__file__).parents[2] / "docs"
PICTURES = DOCS / "screenshots"
_MARKED = re.compile(r"<!-- pictures: (\w+) -->\n.*\Z", flags=re.DOTALL)


def main() -> None:
    """Write the galleries anew."""
    for page in pages().values():
        page.write_text(filled(page.read_text()))


def pages() -> dict[str, Path]:
    """Return the page of each plugin."""
    return {plugin: DOCS / "admins" / f"{name}.md" for plugin, name in PAGE_OF.items()}


def filled(text: str) -> str:
    """Return a page with its pictures."""
    return _MARKED.sub(lambda found: f"{found[0].splitlines()[0]}\n\n{_table(found[1])}", text)


def names(plugin: str) -> list[str]:
    """Return the names of all pictures of a plugin's."""
    return [
        picture_of(plugin, screen, look)
        for screen in SCREENS[plugin]
        for look in ("light", *screen.also)
    ]


def _table(plugin: str) -> str:
    cells = [_cell(plugin, screen) for screen in SCREENS[plugin]]
    pairs = [[*cells[at : at + 2], ""][:2] for at in range(0, len(cells), 2)]
    rows = ["| | |", "| --- | --- |", *(f"| {' | '.join(pair)} |" for pair in pairs)]
    return "\n".join(rows) + "\n"


def _cell(plugin: str, screen: Screen) -> str:
    light = f"../screenshots/{picture_of(plugin, screen, 'light')}"
    others = [
        f"[{words}](../screenshots/{picture_of(plugin, screen, look)})"
        for look, words in (("dark", "in the dark"), ("phone", "on a phone"))
        if look in screen.also
    ]
    more = f" ({', '.join(others)})" if others else ""
    return f"![{screen.shows}]({light})<br>{screen.shows}{more}"


if __name__ == "__main__":
    main()
