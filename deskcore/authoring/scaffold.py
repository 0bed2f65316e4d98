"""Writes the folder that a plugin or theme begins with: small, complete, green from the first minute.

The files lie in ``folders``, the later of several laid over the earlier ones, and speak of a plugin
or theme called acme.
"""

from __future__ import annotations

import keyword
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from deskcore.errors import Conflict, Invalid, Problem
from deskcore.plugin.discovery import bundled_folder
from deskcore.plugin.manifest import SLUG
from deskcore.theme.discovery import bundled_themes

Mode = Literal["push", "poll", "listen"]

_FOLDERS = Path(__file__).resolve().parent / "folders"
_NO_WORDS: Mapping[str, str] = {}
_ENDING = ".tmpl"  # so that no tool takes them for code of the desk


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A folder that was written, and what to type next."""

    folder: Path
    files: int
    commands: tuple[str, ...]


def new_channel(where: Path, name: str, mode: Mode) -> Begun:
    """Write the folder of a channel; raises Invalid or Conflict, and then nothing was written."""
    folder, files = _write(where, name, ("any", "channel", mode))
    commands = (
        f"pytest {name}",
        f"desk channel feed {name} {name}/tests/samples/message.json",
        f"desk plugins check {name}",
    )
    return Begun(folder=folder, files=files, commands=commands)


def new_plugin(where: Path, name: str) -> Begun:
    """Write the folder of a plugin that shows something; raises as ``new_channel``."""
    folder, files = _write(where, name, ("any", "plugin"))
    commands = (f"pytest {name}", f"desk plugins check {name}", f"desk plugins pack {name}")
    return Begun(folder=folder, files=files, commands=commands)


def new_theme(where: Path, name: str, parent: str) -> Begun:
    """Write the folder of a theme that stands on *parent*; raises as ``new_channel``."""
    if not re.fullmatch(SLUG, parent):
        message = f"No theme can be called {parent!r}. Nothing was written."
        raise Invalid([Problem(field="parent", message=message)])
    if (bundled_themes() / name).is_dir():
        message = f"The desk has a theme {name!r} already. Take another name. Nothing was written."
        raise Invalid([Problem(field="name", message=message)])
    folder, files = _write(where, name, ("theme",), {"PARENT": parent})
    commands = (f"desk themes check {name}", f"desk themes activate {name}")
    return Begun(folder=folder, files=files, commands=commands)


def _write(
    where: Path, name: str, layers: tuple[str, ...], words: Mapping[str, str] = _NO_WORDS
) -> tuple[Path, int]:
    """Write beside the place first, so that nobody ever finds half of it there."""
    if objection := _objection(name):
        raise Invalid([Problem(field="name", message=objection)])
    folder = where / name
    _require_room(folder)
    where.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=where))
    try:
        files = dict(item for layer in layers for item in _layer(_FOLDERS / layer))
        for inside, text in files.items():
            path = unfinished / inside
            path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
            path.write_text(_renamed(text, name, words), encoding="utf-8")
        _open_to_readers(unfinished)
        _require_room(folder)
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    return folder, len(files)


def _objection(name: str) -> str:
    """Say why a plugin cannot be called so; empty when it can."""
    if not re.fullmatch(SLUG, name):
        return (
            f"A plugin cannot be called {name!r}. Take 2 to 40 lower-case letters, digits and "
            "underscores, the first one a letter, such as shop_reviews. Nothing was written."
        )
    if keyword.iskeyword(name):
        return f"{name!r} is a word of Python itself. Take another name. Nothing was written."
    if (bundled_folder() / name).is_dir():
        return f"The desk has a plugin {name!r} already. Take another name. Nothing was written."
    return ""


def _require_room(folder: Path) -> None:
    if folder.exists() or folder.is_symlink():
        raise Conflict(f"{folder} is there already, and is as it was. Nothing was written.")


def _layer(folder: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(folder.rglob(f"*{_ENDING}")):
        inside = path.relative_to(folder)
        yield inside.with_name(inside.name.removesuffix(_ENDING)), path.read_text(encoding="utf-8")


def _renamed(text: str, name: str, further: Mapping[str, str]) -> str:
    words = name.split("_")
    title = " ".join(words).capitalize()
    as_class = "".join(word.capitalize() for word in words)
    for word, meant in further.items():
        text = text.replace(word, meant)
    return text.replace("acme", name).replace("Acme", as_class).replace("ACME", title)


def _open_to_readers(folder: Path) -> None:
    """Let others read it: the desk writes for itself only, but this is source code."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
