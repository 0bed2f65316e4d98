"""Languages: English in the code, Russian and Czech from catalogues, plugins' behind them.

Catalogues are read from their ``.po`` files when a language is first asked for, so nothing has to
be compiled and no generated file can be stale. Which language and zone a page uses is decided by
two callables handed to ``init_app``: this layer knows neither users nor settings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import flask_babel
from babel import Locale, dates
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_app_context
from flask_babel.speaklater import LazyString
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from deskcore import clock

LANGUAGES = {"en": "English", "ru": "Русский", "cs": "Čeština"}
DEFAULT_LANGUAGE = "en"
DEFAULT_ZONE = "UTC"
_CORE = Path(__file__).parent / "locale"

# Catalogues of a language, from whoever has some.
Further = Callable[[str], Iterable[NullTranslations]]


class Catalogues(flask_babel.Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """The core's catalogues, and behind them what *further* gives for a language."""

    def __init__(self, further: Further) -> None:
        super().__init__(domain="messages")
        self._further = further
        self._by_language: dict[str, NullTranslations] = {}

    def get_translations(self) -> NullTranslations:
        """Return the catalogue of the language in use; English needs none."""
        locale = flask_babel.get_locale()
        language = locale.language if locale else DEFAULT_LANGUAGE
        if language not in self._by_language:
            self._by_language[language] = self._load(language)
        return self._by_language[language]

    def _load(self, language: str) -> NullTranslations:
        found: NullTranslations = catalogue_in(_CORE, language) or NullTranslations()
        # A fallback is asked for what is missing only: nobody changes what the desk says.
        for catalogue in self._further(language):
            found.add_fallback(catalogue)
        return found


def init_app(
    app: Flask,
    *,
    language: Callable[[], str | None] | None = None,
    zone: Callable[[], str | None] | None = None,
    further: Further = lambda _language: (),
) -> None:
    """Set up translation for *app*; *further* gives catalogues that stand behind ours."""
    babel = flask_babel.Babel()
    babel.init_app(
        app,
        default_locale=DEFAULT_LANGUAGE,
        default_timezone=DEFAULT_ZONE,
        locale_selector=language,
        timezone_selector=zone,
    )
    # Flask-Babel keeps its domain in a cached property; ours reads .po files.
    babel.__dict__["domain_instance"] = Catalogues(further)
    app.jinja_env.globals.update(_=_in_template, gettext=_in_template)


def _(text: str, /, **values: object) -> str:
    """Translate a sentence into the language in use, English where there is none.

    Outside a request the text comes back as it is, so a constant marked with it is translated
    when it is shown: ``{{ _(constant) }}``.
    """
    sentence = _reader().catalogue.gettext(text)
    return str(sentence % values if values else sentence)


def ngettext(singular: str, plural: str, num: int, /, **values: object) -> str:
    """Translate a sentence with a number in it, in the plural form of the language."""
    return str(flask_babel.ngettext(singular, plural, num, **values))


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Translate into *language* inside the block: for what somebody else will read."""
    if not has_app_context():
        yield
        return
    before = g.pop("desk_reader", None)
    try:
        with flask_babel.force_locale(language):
            yield
    finally:
        g.desk_reader = before


def lazy_gettext(text: str) -> LazyString:
    """Mark a constant that is translated each time it is shown."""
    return LazyString(_, text)


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


def page_language() -> str:
    """Return the code of the language in use."""
    return _reader().language


def local_time(moment: datetime) -> datetime:
    """Return a moment in the reader's zone."""
    return moment.astimezone(_reader().zone)


def reader_zone() -> ZoneInfo:
    """Return the reader's zone."""
    return _reader().zone


def short_time(moment: datetime) -> str:
    """Write a moment in the reader's zone and language: the time today, else day and time."""
    local, now, language = local_time(moment), local_time(clock.now()), page_language()
    at = _time_text(local.time().replace(second=0, microsecond=0, fold=0), language)
    if local.date() == now.date():
        return at
    # CLDR's own short form says 11/18/26 to English readers, which half of them read otherwise.
    pattern = "d. M." if language == "cs" else "d MMM"
    return f"{day_text(local.date(), pattern if local.year == now.year else f'{pattern} y')}, {at}"


def long_time(moment: datetime) -> str:
    """Write a moment in full, with its zone's time, in the reader's language."""
    reader = _reader()
    return _moment_text(moment, reader.zone, reader.language)


def long_time_in(moment: datetime, zone: str) -> str:
    """Write a moment in full in somebody else's zone, and in the language in use."""
    there = moment.astimezone(ZoneInfo(zone))
    return str(flask_babel.format_datetime(there, format="long", rebase=False))


def short_date(moment: datetime) -> str:
    """Write the day of a moment in the reader's zone and language."""
    return day_text(local_time(moment).date(), "medium")


def day_text(day: date, pattern: str) -> str:
    """Write a day in the reader's language."""
    return day_text_in(day, pattern, page_language())


def ago(moment: datetime) -> str:
    """Write how long ago a moment was: ``2 minutes ago``."""
    seconds = round((clock.now() - moment).total_seconds())
    return str(flask_babel.format_timedelta(-max(seconds, 1), add_direction=True))


def number(value: float) -> str:
    """Write a number with the separators of the reader's language."""
    return str(flask_babel.format_decimal(value))


@pass_eval_context
def _in_template(context: EvalContext, text: str, /, **values: object) -> str:
    """Translate in a template; as Jinja's own, which looks for the language at every call."""
    catalogue = _reader().catalogue
    if not context.autoescape:
        return str(catalogue.gettext(text)) % values
    return _sentence(catalogue, text) % values if values else _whole_sentence(catalogue, text)


class _Reader(NamedTuple):
    """Whoever reads the page."""

    language: str
    zone: ZoneInfo
    catalogue: NullTranslations


def _reader() -> _Reader:
    """Return who reads, found out once a request: every row and sentence asks."""
    if not has_app_context():
        return _NOBODY
    kept = g._get_current_object()  # noqa: SLF001  a proxy's documented way to what it stands for
    reader: _Reader | None = kept.get("desk_reader")
    if reader is None:
        reader = kept.desk_reader = _Reader(
            language=str(flask_babel.get_locale() or DEFAULT_LANGUAGE),
            zone=_zone(str(flask_babel.get_timezone())),
            catalogue=flask_babel.get_domain().get_translations(),
        )
    return reader


_NOBODY = _Reader(
    language=DEFAULT_LANGUAGE, zone=ZoneInfo(DEFAULT_ZONE), catalogue=NullTranslations()
)


# Days, times and sentences recur on every page and never change: they are made once.
@lru_cache(maxsize=4_000)
def _sentence(catalogue: NullTranslations, text: str) -> Markup:
    # Jinja would take it for markup; no sentence of ours has any, and a stranger's may come here.
    return escape(catalogue.gettext(text))


@lru_cache(maxsize=4_000)
def _whole_sentence(catalogue: NullTranslations, text: str) -> Markup:
    return _sentence(catalogue, text) % {}


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@lru_cache(maxsize=4_000)
def day_text_in(day: date, pattern: str, language: str) -> str:
    """Write a day in a language."""
    return dates.format_date(day, pattern, locale=Locale.parse(language))


@lru_cache(maxsize=4_000)
def _time_text(at: time, language: str) -> str:
    return dates.format_time(at, "short", locale=Locale.parse(language))


@lru_cache(maxsize=4_000)
def _moment_text(moment: datetime, zone: ZoneInfo, language: str) -> str:
    return dates.format_datetime(moment, "long", tzinfo=zone, locale=Locale.parse(language))


def catalogue_in(folder: Path, language: str) -> Translations | None:
    """Read the catalogue of a language in a ``locale`` folder; None when it has none."""
    path = folder / language / "LC_MESSAGES" / "messages.po"
    return _compile(path, language) if path.is_file() else None


def _compile(path: Path, language: str) -> Translations:
    """Read a ``.po`` file; entries marked fuzzy are left out, as the compiler would."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)
