"""A plugin as one file that is the same whoever packs it, with what it may do in words."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from deskcore.authoring.folder import PluginFolder
from deskcore.errors import Conflict
from deskcore.plugin.manifest import ANYWHERE, FROM_SETTING, Manifest
from deskcore.web.plugin_words import DATA, PLACES

# The first moment that a zip can hold: what is packed twice must not differ by its clock.
_ALWAYS = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16


@dataclass(frozen=True, kw_only=True)
class Packed:
    """The file, its digest, and what an owner is told before activating the plugin."""

    path: Path
    sha256: str
    files: int
    permissions: tuple[str, ...]


def pack(folder: PluginFolder, where: Path) -> Packed:
    """Pack what the plugin needs; raises ManifestError, or Conflict over another file there.

    Nothing is compressed: compressors differ between machines, and so would the digests.
    """
    manifest = folder.manifest
    content = _zipped(folder)
    path = where / f"{manifest.slug}-{manifest.version}.zip"
    _write_once(path, content)
    return Packed(
        path=path,
        sha256=hashlib.sha256(content).hexdigest(),
        files=len(folder.files),
        permissions=tuple(permissions(manifest, folder.hooks)),
    )


def permissions(manifest: Manifest, hooks: Collection[str]) -> Iterator[str]:
    """Say in words what a plugin may and does, as its page does before it is activated."""
    yield from (str(DATA.get(right, right)) for right in manifest.data)
    for host in manifest.network:
        setting = host.removeprefix(FROM_SETTING)
        if host == ANYWHERE:
            yield "Reaches any server on the internet"
        elif not host.startswith(f"{ANYWHERE}:"):
            yield (
                f"Reaches {host}"
                if setting == host
                else f"Reaches the server that is named in its setting “{setting}”"
            )
    yield from (str(words) for hook, words in PLACES.items() if hook in hooks)
    yield from (f"When it fails, {what} stop" for what in manifest.guards)
    yield from (f"Needs the Python package {package}" for package in manifest.packages)
    yield from (f"Needs the plugin {slug}" for slug in manifest.requires)


def _zipped(folder: PluginFolder) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for path in folder.files:
            inside = Path(folder.slug) / path.relative_to(folder.path)
            entry = zipfile.ZipInfo(inside.as_posix(), _ALWAYS)
            entry.create_system = 3  # Unix, wherever it is packed
            entry.external_attr = _READABLE
            archive.writestr(entry, path.read_bytes())
    return made.getvalue()


def _write_once(path: Path, content: bytes) -> None:
    """Write it whole or not at all; a version that was packed before is not another one now."""
    if path.exists():
        if path.read_bytes() != content:
            raise Conflict(
                f"{path} is there already and holds something else. Raise the version in "
                "plugin.toml, or remove that file. Nothing was written."
            )
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.chmod(0o644)
    unfinished.rename(path)
