"""Collect every sentence of the desk and bring the catalogues up to date.

    .venv/bin/python -m tests.upkeep.translations

A plugin with a folder ``locale`` has catalogues of its own there; sentences that the desk says, too,
stand in the desk's only. New sentences come in empty, changed ones are never guessed, dropped ones go. The ``.po`` files are
read as they are at run time, so nothing has to be compiled. Prints what still wants translating.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

from deskcore.i18n import LANGUAGES
from deskcore.plugin.settings import PluginSettings, fields
from deskcore.services.access import PERMISSIONS

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "deskcore" / "locale"
SOURCES = ("deskcore", "plugins")
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2)}


def main() -> int:
    """Write the catalogues; returns 1 when sentences want translating."""
    missing = 0
    for owner, template in collect().items():
        for language in LANGUAGES:
            if language != "en":
                missing += update(template, language, owner)
    return 1 if missing else 0


def catalogue_of(owner: str, language: str) -> Path:
    """Return where a language's catalogue lies: of the desk, or of a plugin with its own."""
    locale = ROOT / "plugins" / owner / "locale" if owner else LOCALE
    return locale / language / "LC_MESSAGES" / "messages.po"


def collect() -> dict[str, Catalog]:
    """Gather the sentences of code, templates, settings classes and rights, by whose they are.

    "" stands for the desk, which speaks for plugins without catalogues of their own.
    """
    owners = ["", *(path.parent.name for path in sorted((ROOT / "plugins").glob("*/locale")))]
    found = {owner: Catalog(project="Deskcore", charset="utf-8") for owner in owners}
    for owner, text, place, comments, context in _said():
        catalogue = found.get(owner, found[""])
        catalogue.add(text, None, place, context=context, user_comments=comments)
    for owner in owners[1:]:
        for message in list(found[owner]):
            if message.id and message.id in found[""]:
                found[owner].delete(message.id, message.context)
    return found


def _said() -> Iterator[tuple[str, Any, list[tuple[str, int]], list[str], str | None]]:
    """Yield each sentence with the plugin it stands in."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    for source in SOURCES:
        found = extract_from_dir(
            ROOT / source,
            # The patterns are written from the root; the extractor starts below it.
            [(pattern.removeprefix(f"{source}/"), method) for pattern, method in methods],
            {pattern.removeprefix(f"{source}/"): kept for pattern, kept in options.items()},
            keywords=KEYWORDS,
        )
        for path, _line, text, comments, context in found:
            owner = path.partition("/")[0] if source == "plugins" else ""
            yield owner, text, [(f"{source}/{path}", 0)], comments, context
    for owner, text in declared():
        yield owner, text, [], [], None


def declared() -> Iterator[tuple[str, str]]:
    """Yield what is translated without standing in a call: settings and rights."""
    for permission in PERMISSIONS.values():
        yield "", permission.label
    for folder in sorted((ROOT / "plugins").iterdir()):
        if (folder / "settings.py").is_file():
            importlib.import_module(f"plugins.{folder.name}.settings")
    for settings in PluginSettings.__subclasses__():
        source, _, rest = settings.__module__.partition(".")
        owner = rest.partition(".")[0] if source == "plugins" else ""
        for field in fields(settings):
            texts = (field.label, field.help, *(text for _, text in field.choices))
            yield from ((owner, text) for text in texts if text)


def update(template: Catalog, language: str, owner: str = "") -> int:
    """Bring one language up to date; returns how many of its sentences are empty."""
    path = catalogue_of(owner, language)
    catalogue = Catalog(locale=language, project="Deskcore", charset="utf-8")
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    catalogue.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, sort_output=True, no_location=True, omit_header=False, width=96)
    empty = [message for message in catalogue if message.id and not _is_translated(message.string)]
    sys.stdout.write(
        f"{owner or 'desk'} {language}: {len(catalogue)} sentences, {len(empty)} to translate\n"
    )
    return len(empty)


def _is_translated(text: str | tuple[str, ...] | list[str] | None) -> bool:
    return bool(text) if isinstance(text, str) or text is None else all(text)


if __name__ == "__main__":
    sys.exit(main())
