"""The pages for admins show every page, card and board of the shelf, and nothing that is not drawn."""

from __future__ import annotations

from tests.shelf.gallery import PICTURES, filled, names, pages
from tests.shelf.screens import SCREENS


def test_each_page_shows_all_of_its_plugin() -> None:
    assert set(pages()) == set(SCREENS)
    for plugin, page in pages().items():
        text = page.read_text()
        assert f"<!-- pictures: {plugin} -->" in text, page
        assert filled(text) == text, f"{page}: python -m tests.shelf.gallery"


def test_every_picture_is_there_and_shown() -> None:
    shown = {name for plugin in SCREENS for name in names(plugin)}
    assert {path.name for path in PICTURES.glob("*.webp")} == shown
