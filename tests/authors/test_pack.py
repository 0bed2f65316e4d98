"""``desk plugins pack``: the same bytes whoever packs it, and what an owner agrees to in words."""

from __future__ import annotations

import hashlib
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from deskcore.authoring.folder import plugin_folder
from deskcore.authoring.packing import pack
from deskcore.authoring.scaffold import new_channel
from deskcore.errors import Conflict
from tests.authors.outside import Author


@pytest.fixture
def acme(tmp_path: Path) -> Path:
    return new_channel(tmp_path, "acme", "push").folder


def test_the_same_folder_gives_the_same_bytes_whatever_lies_beside_it(
    acme: Path, tmp_path: Path
) -> None:
    first = pack(plugin_folder(acme), tmp_path / "one")
    copy = tmp_path / "elsewhere" / "acme"
    shutil.copytree(acme, copy)
    for path in copy.rglob("*.py"):
        path.chmod(0o600)
        os.utime(path, (1_000_000_000, 1_000_000_000))
    for litter in ("__pycache__/x.pyc", "build/lib/acme.py", ".git/config", "a.egg-info/PKG-INFO"):
        (copy / litter).parent.mkdir(parents=True, exist_ok=True)
        (copy / litter).write_text("litter")
    second = pack(plugin_folder(copy), tmp_path / "two")
    assert first.path.read_bytes() == second.path.read_bytes()
    assert first.sha256 == hashlib.sha256(second.path.read_bytes()).hexdigest()


def test_it_is_unpacked_into_a_folder_that_a_desk_finds(acme: Path, tmp_path: Path) -> None:
    (acme / "static" / "dist").mkdir(parents=True)
    (acme / "static" / "dist" / "acme.css").write_text("a {}")
    packed = pack(plugin_folder(acme), tmp_path)
    with zipfile.ZipFile(packed.path) as archive:
        archive.extractall(tmp_path / "instance" / "plugins")
    files = {path.relative_to(acme): path.read_bytes() for path in plugin_folder(acme).files}
    there = plugin_folder(tmp_path / "instance" / "plugins" / "acme")
    assert {path.relative_to(there.path): path.read_bytes() for path in there.files} == files
    assert Path("static/dist/acme.css") in files


def test_a_version_that_was_packed_is_never_another_one(acme: Path, tmp_path: Path) -> None:
    packed = pack(plugin_folder(acme), tmp_path)
    before = packed.path.read_bytes()
    assert pack(plugin_folder(acme), tmp_path).sha256 == packed.sha256
    (acme / "wire.py").write_text("")
    with pytest.raises(Conflict, match="Raise the version"):
        pack(plugin_folder(acme), tmp_path)
    assert packed.path.read_bytes() == before


def test_the_command_says_digest_and_permissions(author: Author) -> None:
    author.desk("new", "plugin", "tea")
    said = author.desk("plugins", "pack", "tea")
    digest = hashlib.sha256((author.folder / "tea-0.1.0.zip").read_bytes()).hexdigest()
    assert f"sha256 {digest}\n" in said
    assert "  Reads tickets and what was written in them\n" in said
    assert "  Shows boxes beside tickets\n" in said
