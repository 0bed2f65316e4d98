"""A theme that is written from the guide alone passes its check, and does what the guide says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deskcore.authoring.theme_check import check_theme
from deskcore.config import Config
from tests.contract.sources import ROOT
from tests.themes.conftest import Wearing
from tests.web.conftest import Visitor

GUIDE = ROOT / "docs" / "theme-authors" / "README.md"
# A path alone on its line, and the file below it.
FILE = re.compile(r"^`([\w./]+)`\n\n```\w+\n(.*?)```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def theme(config: Config) -> Path:
    """Write every file of the guide into one folder."""
    home = config.instance / "themes" / "paper_boat"
    written = FILE.findall(GUIDE.read_text(encoding="utf-8"))
    assert [path for path, _text in written] == [
        "theme.toml",
        "public.css",
        "images/folds.svg",
        "style.css",
        "templates/public/layout.html",
        "templates/mail/reply.txt",
    ]
    for path, text in written:
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text, encoding="utf-8")
    return home


@pytest.mark.browser
def test_the_theme_of_the_guide_passes_its_check(theme: Path) -> None:
    assert [each for each in check_theme(theme) if each.level != "note"] == []


def test_the_theme_of_the_guide_dresses_pages(theme: Path, wearing: Wearing) -> None:
    with wearing(theme.name) as desk:
        page = Visitor(desk.test_client()).get("/try")
        assert page.status_code == 200
        wardrobe = desk.extensions["desk_themes"]
        assert [layer.slug for layer in wardrobe.layers] == ["paper_boat", "linen"]
        assert desk.extensions["desk_assets"].has("theme/images/folds.svg")
