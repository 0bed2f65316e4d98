"""The file a backup is: a compressed tar whose first entry says what must be in it.

Entries are ``manifest.json``, ``database``, ``files/<digest>`` and what of the instance folder
cannot be made anew. Every name is checked before anything is written: a backup is somebody's file.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import shutil
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, BinaryIO

from deskcore.cli.backup_manifest import (
    DATABASE,
    DIGEST,
    FILES,
    INSTANCE,
    LARGEST,
    NAME,
    Manifest,
)
from deskcore.errors import Unavailable

COMPRESSION = 3  # mails shrink to a third at once; more takes much longer for little
KEYS = ("secret.key", "encryption.key")
SINGLE = (*KEYS, "config.toml")
FOLDERS = ("plugins", "themes")
_PIECE = 1024 * 1024

Note = Callable[[], None]


@contextmanager
def writing(target: BinaryIO) -> Iterator[tarfile.TarFile]:
    """Open a backup for writing."""
    with (
        gzip.GzipFile(fileobj=target, mode="wb", compresslevel=COMPRESSION, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        yield archive


def put_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    """Add an entry of a few bytes."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))


def put_file(archive: tarfile.TarFile, name: str, path: Path) -> None:
    """Add a file under *name*, without its owner and times."""
    with path.open("rb") as file:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = path.stat().st_size, 0o600
        archive.addfile(entry, file)


def of_instance(instance: Path) -> list[Path]:
    """Return what of the instance folder belongs into a backup, beside database and files."""
    found = [instance / name for name in SINGLE]
    for folder in FOLDERS:
        found += sorted((instance / folder).rglob("*"))
    return [
        path
        for path in found
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts
    ]


@dataclass(frozen=True, kw_only=True)
class Unpacked:
    """A backup taken out of its file into a folder, each file checked against its digest."""

    folder: Path
    manifest: Manifest

    @property
    def database(self) -> Path:
        """The copied database."""
        return self.folder / DATABASE

    @property
    def files(self) -> Sequence[Path]:
        """The stored files, each named by its digest."""
        return sorted((self.folder / FILES).glob("*"))

    @property
    def of_instance(self) -> Sequence[Path]:
        """Files of the instance folder, relative to it."""
        top = self.folder / INSTANCE
        return sorted(path.relative_to(top) for path in top.rglob("*") if path.is_file())


def unpack(
    source: BinaryIO, folder: Path, check: Callable[[Manifest], None], note: Note
) -> Unpacked:
    """Take a backup out into *folder*; *check* may refuse it by its manifest.

    *note* is called after every entry. Raises Unavailable with a sentence when the file is
    no backup, was cut off, or holds anything that should not be in one.
    """
    try:
        with tarfile.open(fileobj=source, mode="r|gz") as archive:
            manifest = _read_manifest(archive)
            check(manifest)
            while (entry := archive.next()) is not None:
                archive.members.clear()  # type: ignore[attr-defined]  # else it remembers every file; missing in the stubs
                _take(archive, entry, folder)
                note()
    except (tarfile.TarError, EOFError, OSError, gzip.BadGzipFile) as error:
        raise Unavailable(f"The backup cannot be read to its end: {error}") from error
    unpacked = Unpacked(folder=folder, manifest=manifest)
    _check_whole(unpacked)
    return unpacked


def _read_manifest(archive: tarfile.TarFile) -> Manifest:
    first = archive.next()
    if first is None or first.name != NAME or not first.isfile() or first.size > LARGEST:
        raise Unavailable("The file is not a backup of a desk.")
    content = archive.extractfile(first)
    return Manifest.from_bytes(content.read() if content else b"")


def _take(archive: tarfile.TarFile, entry: tarfile.TarInfo, folder: Path) -> None:
    content = archive.extractfile(entry) if entry.isreg() else None
    if content is None or not _belongs(entry.name):
        raise Unavailable(f"The backup holds something that is not the desk's: {entry.name!r}.")
    target = folder / entry.name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = _copy(content, target)
    if entry.name.startswith(FILES) and digest != target.name:
        raise Unavailable(f"A file in the backup is damaged: {target.name}")


def _belongs(name: str) -> bool:
    parts = PurePosixPath(name).parts
    if name == DATABASE:
        return True
    if name.startswith(FILES):
        return len(parts) == 2 and DIGEST.fullmatch(parts[1]) is not None  # noqa: PLR2004  folder and digest
    if not name.startswith(INSTANCE) or "\\" in name or {"..", "."} & set(parts):
        return False
    below = parts[1:]
    return (len(below) == 1 and below[0] in SINGLE) or (len(below) > 1 and below[0] in FOLDERS)


def _copy(content: IO[bytes], target: Path) -> str:
    """Write an entry out; returns the digest of its bytes."""
    digest = hashlib.sha256()
    with target.open("xb") as file:
        while piece := content.read(_PIECE):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def _check_whole(unpacked: Unpacked) -> None:
    manifest = unpacked.manifest
    wanted = manifest.files - len(manifest.missing)
    if not unpacked.database.exists() or len(unpacked.files) != wanted:
        raise Unavailable(
            f"The backup is not whole: {len(unpacked.files)} of {wanted} files are in it."
        )


def move_into(unpacked: Unpacked, files: Path, instance: Path) -> list[str]:
    """Put files and keys where the desk keeps them; returns what was there and is left as it was.

    Keys are replaced: without the backup's own, its stored passwords could not be read.
    """
    for path in unpacked.files:
        target = files / path.name[:2] / path.name[2:4] / path.name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.replace(target)
    kept = []
    for name in unpacked.of_instance:
        target = instance / name
        if target.exists() and name.name not in KEYS:
            kept.append(str(name))
            continue
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        shutil.move(unpacked.folder / INSTANCE / name, target)
    return kept
