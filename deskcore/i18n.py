"""Languages: English in the code, Russian and Czech from catalogues, plugins' and themes' added.

Catalogues are read from their ``.po`` files when a language is first asked for, so nothing has to
be compiled and no generated file can be stale. Which language and zone a page uses is decided by
two callables handed to ``init_app``: this layer knows neither users nor settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import flask_babel
from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask

from deskcore import clock

LANGUAGES = {"en": "English", "ru": "Русский", "cs": "Čeština"}
DEFAULT_LANGUAGE = "en"
DEFAULT_ZONE = "UTC"
_CORE = Path(__file__).parent / "locale"


class Catalogues(flask_babel.Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The merged catalogues of the core and of whoever brought a ``locale`` folder."""

    def __init__(self, folders: Iterable[Path]) -> None:
        super().__init__(domain="messages")
        self._folders = tuple(folders)
        self._by_language: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of the language in use; English needs none."""
        locale = flask_babel.get_locale()
        language = locale.language if locale else DEFAULT_LANGUAGE
        if language not in self._by_language:
            self._by_language[language] = self._load(language)
        return self._by_language[language]

    def _load(self, language: str) -> NullTranslations:
        merged: NullTranslations = NullTranslations()
        for folder in self._folders:
            path = folder / language / "LC_MESSAGES" / "messages.po"
            if not path.is_file():
                continue
            catalogue = _compile(path, language)
            if isinstance(merged, Translations):
                merged.merge(catalogue)
            else:
                merged = catalogue
        return merged


def init_app(
    app: Flask,
    *,
    language: Callable[[], str | None],
    zone: Callable[[], str | None],
    folders: Iterable[Path] = (),
) -> None:
    """Set up translation for *app*; *folders* are further ``locale`` folders, later ones win."""
    babel = flask_babel.Babel()
    babel.init_app(
        app,
        default_locale=DEFAULT_LANGUAGE,
        default_timezone=DEFAULT_ZONE,
        locale_selector=language,
        timezone_selector=zone,
    )
    # Flask-Babel keeps its domain in a cached property; ours reads .po files and merges folders.
    babel.__dict__["domain_instance"] = Catalogues([_CORE, *folders])


def _(text: str, /, **values: object) -> str:
    """Translate a sentence into the language in use, English where there is none.

    Outside a request the text comes back as it is, so a constant marked with it is translated
    when it is shown: ``{{ _(constant) }}``.
    """
    return str(flask_babel.gettext(text, **values))


def ngettext(singular: str, plural: str, num: int, /, **values: object) -> str:
    """Translate a sentence with a number in it, in the plural form of the language."""
    return str(flask_babel.ngettext(singular, plural, num, **values))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Translate into *language* inside the block: for what somebody else will read."""
    with flask_babel.force_locale(language):
        yield


def N_(text: str) -> str:  # noqa: N802  the name that gettext tools know
    """Mark a constant for translation without translating it now."""
    return text


def language_of(accepted: str) -> str | None:
    """Choose our language for one wish such as ``cs-CZ`` or ``ru``; None when we have none."""
    language = accepted.replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else None


def is_zone(name: str) -> bool:
    """Whether *name* is a time zone this machine knows."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return bool(name)


def short_time(moment: datetime) -> str:
    """Write a moment in the reader's zone and language: the time today, else day and time."""
    local = flask_babel.to_user_timezone(moment)
    if local.date() == flask_babel.to_user_timezone(clock.now()).date():
        return str(flask_babel.format_time(moment, format="short"))
    # CLDR's own short form says 11/18/26 to English readers, which half of them read otherwise.
    pattern = "d. M." if str(flask_babel.get_locale()) == "cs" else "d MMM"
    if local.year != clock.now().year:
        pattern += " y"
    day = flask_babel.format_datetime(moment, format=pattern)
    return f"{day}, {flask_babel.format_time(moment, format='short')}"


def long_time(moment: datetime) -> str:
    """Write a moment in full, with its zone's time, in the reader's language."""
    return str(flask_babel.format_datetime(moment, format="long"))


def long_time_in(moment: datetime, zone: str) -> str:
    """Write a moment in full in somebody else's zone, and in the language in use."""
    there = moment.astimezone(ZoneInfo(zone))
    return str(flask_babel.format_datetime(there, format="long", rebase=False))


def short_date(moment: datetime) -> str:
    """Write the day of a moment in the reader's zone and language."""
    return str(flask_babel.format_date(moment, format="medium"))


def ago(moment: datetime) -> str:
    """Write how long ago a moment was: ``2 minutes ago``."""
    seconds = round((clock.now() - moment).total_seconds())
    return str(flask_babel.format_timedelta(-max(seconds, 1), add_direction=True))


def number(value: float) -> str:
    """Write a number with the separators of the reader's language."""
    return str(flask_babel.format_decimal(value))


def language_name(language: str) -> str:
    """Return a language's own name: ``Čeština``."""
    return LANGUAGES.get(language) or str(Locale.parse(language).display_name)


def _compile(path: Path, language: str) -> Translations:
    """Read a ``.po`` file; entries marked fuzzy are left out, as the compiler would."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
