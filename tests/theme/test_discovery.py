"""Finding themes, and what stands against them, without running anything of them."""

from __future__ import annotations

import sys
from importlib.metadata import PathDistribution
from pathlib import Path

import pytest

from deskcore.domain.kinds import ThemeState
from deskcore.theme.discovery import FoundTheme, chain, discover_themes
from tests.theme.authoring import write_theme

NOWHERE = Path("/nowhere")


def found_in(folder: Path) -> dict[str, FoundTheme]:
    return {theme.slug: theme for theme in discover_themes(folder, bundled=NOWHERE)}


def test_themes_are_found_bundled_and_dropped_and_the_first_of_a_name_holds(tmp_path: Path) -> None:
    write_theme(tmp_path / "ours", "linen")
    write_theme(tmp_path / "theirs", "linen")
    write_theme(tmp_path / "theirs", "paper")
    themes = discover_themes(tmp_path / "theirs", bundled=tmp_path / "ours")
    assert [(each.slug, each.source, each.state) for each in themes] == [
        ("linen", "bundled", ThemeState.FOUND),
        ("linen", "dropped", ThemeState.INVALID),
        ("paper", "dropped", ThemeState.FOUND),
    ]
    assert themes[1].problem == "A bundled theme has the slug 'linen' already."


def test_an_installed_package_is_found_by_its_entry_point_and_not_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_theme(tmp_path, "harbour", {"__init__.py": "raise AssertionError('imported')"})
    about = tmp_path / "harbour-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: harbour\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[deskcore.themes]\nharbour = harbour\n")
    points = PathDistribution(about).entry_points
    monkeypatch.setattr("deskcore.theme.discovery.entry_points", points.select)
    monkeypatch.syspath_prepend(str(tmp_path))
    (theme,) = discover_themes(NOWHERE, bundled=NOWHERE)
    assert (theme.slug, theme.source, theme.problem) == ("harbour", "installed", "")
    assert "harbour" not in sys.modules


def test_a_theme_is_told_what_stands_against_it(tmp_path: Path) -> None:
    write_theme(tmp_path, "typo", manifest='colour = "red"')
    write_theme(tmp_path, "renamed")
    (tmp_path / "renamed").rename(tmp_path / "moved")
    write_theme(tmp_path, "tomorrow", manifest='desk = ">=99"')
    write_theme(tmp_path, "shot", manifest='screenshot = "../secret.png"')
    write_theme(tmp_path, "garish", manifest='[tokens.light]\ncanvas = "url(x)"\nglow = 1')
    (tmp_path / "empty").mkdir()
    themes = found_in(tmp_path)
    assert themes["typo"].problem.startswith("theme.toml: 'theme.colour': ")
    assert themes["moved"].problem == "The slug 'renamed' differs from the theme's place, 'moved'."
    assert themes["tomorrow"].state == ThemeState.INCOMPATIBLE
    assert "made for desk >=99" in themes["tomorrow"].problem
    assert themes["shot"].state == ThemeState.INVALID
    assert themes["garish"].state == ThemeState.INVALID
    assert "tokens.light.canvas: Write a colour as" in themes["garish"].problem
    assert "tokens.light.glow: The desk has no such token." in themes["garish"].problem
    assert themes["empty"].problem == "theme.toml cannot be read: No such file or directory."


def test_a_chain_leads_from_a_theme_over_its_parents(tmp_path: Path) -> None:
    write_theme(tmp_path, "linen")
    write_theme(tmp_path, "market", parent="linen")
    write_theme(tmp_path, "winter", parent="market")
    themes = found_in(tmp_path)
    layers = chain(themes["winter"], themes.values())
    assert [layer.slug for layer in layers] == ["winter", "market", "linen"]


def test_what_stands_against_a_parent_stands_against_its_children(tmp_path: Path) -> None:
    write_theme(tmp_path, "winter", parent="market")
    write_theme(tmp_path, "market", parent="linen", manifest='desk = ">=99"')
    write_theme(tmp_path, "orphan", parent="gone")
    write_theme(tmp_path, "one", parent="other")
    write_theme(tmp_path, "other", parent="one")
    themes = found_in(tmp_path)
    assert themes["winter"].state == ThemeState.INCOMPATIBLE
    assert themes["winter"].problem.startswith("The theme 'market' that it stands on cannot be")
    assert themes["orphan"].problem == "The theme 'gone' that it stands on is not there."
    assert themes["one"].problem == "It stands on itself: one → other → one."


def test_a_tower_of_themes_is_refused(tmp_path: Path) -> None:
    write_theme(tmp_path, "level_0")
    for level in range(1, 7):
        write_theme(tmp_path, f"level_{level}", parent=f"level_{level - 1}")
    themes = found_in(tmp_path)
    assert [themes[f"level_{level}"].problem == "" for level in range(7)] == [True] * 5 + [
        False
    ] * 2
