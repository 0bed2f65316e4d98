"""What plugins say in other languages: ``locale/<language>/LC_MESSAGES/messages.po`` of each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from babel.support import Translations

from deskcore.i18n import catalogue_in
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.loaded import Loaded


def catalogues(loaded: Loaded, language: str) -> Iterator[Translations]:
    """Yield the catalogue of each active plugin that has one; one that cannot be read is a fault."""
    for slug in loaded.manifests:
        folder = loaded.hooks.folder_of(slug) / "locale"
        read = partial(_read, folder, language)
        try:
            found = loaded.guard.call(slug, f"locale {language}", read)
        except PluginFailed:
            continue
        if found is not None:
            yield found


def _read(folder: Path, language: str) -> Translations | None:
    return catalogue_in(folder, language)
