"""What a manifest may say, and what the desk answers when it is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskcore.plugin.manifest import ManifestError, incompatibility, read_manifest
from tests.plugin.authoring import write_plugin


def test_a_manifest_tells_what_the_plugin_is(tmp_path: Path) -> None:
    home = write_plugin(
        tmp_path, "tea", manifest='requires = ["water"]\nnetwork = ["setting:host"]'
    )
    manifest = read_manifest(home, slug="tea")
    assert (manifest.slug, manifest.name, manifest.version) == ("tea", "Tea", "1.0")
    assert manifest.requires == ("water",)
    assert incompatibility(manifest) == ""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('colour = "blue"', "colour"),
        ('category = "tea"', "category"),
        ('guards = ["access"]', "guards"),
        ('python = "three"', "range of versions"),
        ('requires = ["../x"]', "requires"),
        ("requires = [", "not valid TOML"),
        ("quality = 3", "quality"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str, told: str) -> None:
    home = write_plugin(tmp_path, "tea", manifest=line)
    with pytest.raises(ManifestError, match=told):
        read_manifest(home, slug="tea")


def test_a_manifest_must_belong_to_its_folder(tmp_path: Path) -> None:
    home = write_plugin(tmp_path, "tea")
    with pytest.raises(ManifestError, match="coffee"):
        read_manifest(home, slug="coffee")


def test_a_missing_manifest_is_told_without_paths(tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as raised:
        read_manifest(tmp_path, slug="tea")
    assert str(tmp_path) not in str(raised.value)


@pytest.mark.parametrize(
    ("line", "told"),
    [('desk = ">=99"', "made for desk >=99"), ('python = "<3"', "made for Python <3")],
)
def test_a_plugin_for_another_desk_or_python_is_incompatible(
    tmp_path: Path, line: str, told: str
) -> None:
    home = write_plugin(tmp_path, "tea", manifest=line)
    assert told in incompatibility(read_manifest(home, slug="tea"))


@pytest.mark.parametrize(("made_for", "desk"), [(1, 1), (1, 2), (2, 2), (6, 7)])
def test_a_plugin_for_this_number_of_the_interface_or_the_one_before_runs(
    tmp_path: Path, made_for: int, desk: int
) -> None:
    manifest = read_manifest(
        write_plugin(tmp_path, "tea", manifest=f"api = {made_for}"), slug="tea"
    )
    assert incompatibility(manifest, api=desk) == ""


@pytest.mark.parametrize(
    ("made_for", "desk", "told"),
    [
        (2, 1, "Upgrade the desk"),
        (8, 7, "Upgrade the desk"),
        (1, 3, "a newer version of the plugin"),
    ],
)
def test_a_plugin_for_a_newer_or_a_much_older_number_is_told_what_helps(
    tmp_path: Path, made_for: int, desk: int, told: str
) -> None:
    manifest = read_manifest(
        write_plugin(tmp_path, "tea", manifest=f"api = {made_for}"), slug="tea"
    )
    said = incompatibility(manifest, api=desk)
    assert f"number {made_for}" in said
    assert told in said


def test_a_number_is_whole_and_begins_with_one(tmp_path: Path) -> None:
    for place, wrong in enumerate(("0", "-1", '"new"')):
        home = write_plugin(tmp_path / str(place), "tea", manifest=f"api = {wrong}")
        with pytest.raises(ManifestError, match="api"):
            read_manifest(home, slug="tea")
