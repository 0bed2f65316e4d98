"""Finding plugins without running them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from deskcore.plugin.discovery import bundled_folder, discover
from tests.plugin.authoring import write_plugin

EXPLODES = "raise AssertionError('imported to be listed')"


def test_plugins_are_listed_without_being_imported(tmp_path: Path) -> None:
    write_plugin(tmp_path / "ours", "coffee", EXPLODES)
    write_plugin(tmp_path / "theirs", "tea", EXPLODES)
    found = discover(tmp_path / "theirs", bundled=tmp_path / "ours")
    assert [(plugin.slug, plugin.source, plugin.problem) for plugin in found] == [
        ("coffee", "bundled", ""),
        ("tea", "dropped", ""),
    ]


def test_hidden_folders_and_files_are_no_plugins(tmp_path: Path) -> None:
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / ".git").mkdir()
    (tmp_path / "notes.txt").touch()
    assert discover(tmp_path, bundled=tmp_path / "none") == []


def test_a_folder_without_manifest_is_listed_with_its_problem(tmp_path: Path) -> None:
    (tmp_path / "tea").mkdir()
    (found,) = discover(tmp_path, bundled=tmp_path / "none")
    assert found.slug == "tea"
    assert "__init__.py" in found.problem


def test_a_second_plugin_of_one_slug_is_refused(tmp_path: Path) -> None:
    write_plugin(tmp_path / "ours", "tea")
    write_plugin(tmp_path / "theirs", "tea")
    ours, theirs = discover(tmp_path / "theirs", bundled=tmp_path / "ours")
    assert ours.problem == ""
    assert 'replaces = "tea"' in theirs.problem


def test_a_plugin_that_says_so_takes_the_place_of_a_bundled_one(tmp_path: Path) -> None:
    write_plugin(tmp_path / "ours", "tea")
    write_plugin(tmp_path / "theirs", "tea", manifest='replaces = "tea"')
    ours, theirs = discover(tmp_path / "theirs", bundled=tmp_path / "ours")
    assert "replaces it" in ours.problem
    assert theirs.problem == ""


def test_an_installed_plugin_is_found_by_its_entry_point(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = write_plugin(tmp_path, "tea", EXPLODES)
    home.rename(tmp_path / "tea_for_desks")
    info = tmp_path / "tea_for_desks-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tea-for-desks\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(
        "[deskcore.plugins]\ntea = tea_for_desks\nmilk = not_there\nodd = tea_for_desks.inner\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    found = {plugin.slug: plugin for plugin in discover(tmp_path / "x", bundled=tmp_path / "y")}
    assert (found["tea"].source, found["tea"].problem) == ("installed", "")
    assert found["tea"].module == "tea_for_desks"
    assert "not there" in found["milk"].problem
    assert "top-level" in found["odd"].problem
    assert "tea_for_desks" not in sys.modules


def test_the_bundled_plugins_are_where_the_desk_looks() -> None:
    assert (bundled_folder() / "email").is_dir()
