"""What themes rely on is written down, and made up for their check."""

from __future__ import annotations

import re

from deskcore.authoring.theme_check.samples import UNDRESSED, samples
from deskcore.theme.contexts import BLOCKS, CONTEXTS, LETTER_BLOCKS, LETTERS
from deskcore.theme.loader import is_themed
from tests.contract.sources import ROOT, files
from tests.upkeep.themes import PAGE, TEMPLATES, reference


def test_the_reference_for_theme_authors_is_what_the_code_says() -> None:
    told = PAGE.read_text(encoding="utf-8")
    assert told == reference(), "python -m tests.upkeep.themes writes it anew"


def test_every_template_of_a_themed_surface_says_what_it_is_given() -> None:
    there = {path.relative_to(TEMPLATES).as_posix() for path in files("deskcore", ending=".html")
             if path.is_relative_to(TEMPLATES)}  # fmt: skip
    public = {name for name in there if name.startswith("public/") and "/_" not in name}
    assert public - {"public/layout.html"} == set(CONTEXTS)
    assert {f"{name}.html" for name in LETTERS} == {n for n in there if n.startswith("mail/")}
    assert all(is_themed(name) for name in [*CONTEXTS, "public/layout.html"])


def test_pages_have_the_blocks_that_are_promised() -> None:
    layout = (TEMPLATES / "public/layout.html").read_text("utf-8")
    assert set(BLOCKS) <= set(re.findall(r"block (\w+)", layout))
    for name in LETTERS:
        for ending in (".txt", ".html"):
            text = (TEMPLATES / f"{name}{ending}").read_text("utf-8")
            is_whole = "extends" not in text
            assert not is_whole or set(LETTER_BLOCKS) <= set(re.findall(r"block (\w+)", text)), name


def test_every_page_that_themes_dress_is_drawn_by_their_check() -> None:
    drawn = {sample.template for sample in samples()}
    assert drawn == CONTEXTS.keys() - UNDRESSED


def test_the_guide_names_every_page_of_the_desk_that_no_theme_dresses() -> None:
    guide = (ROOT / "docs" / "theme-authors" / "README.md").read_text("utf-8")
    for word in ("Sign-in", "set-up", "administration", "rescue", "error pages"):
        assert word in guide
