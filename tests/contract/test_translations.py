"""Every sentence of the desk is there in every language, with the same values in the same shape."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from deskcore.i18n import DEFAULT_LANGUAGE, LANGUAGES
from tests.contract.sources import ROOT

TRANSLATED = [language for language in LANGUAGES if language != DEFAULT_LANGUAGE]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
# A process of its own: settings classes that other tests declare would be collected too.
COLLECT = """
import sys
from babel.messages.pofile import write_po
from tests.upkeep.translations import collect
for catalogue in collect().values():
    write_po(sys.stdout.buffer, catalogue, omit_header=True)
"""


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_of_the_desk_is_translated(language: str) -> None:
    said = {_key(message) for message in _messages(language) if all(_texts(message.string))}
    wanted = [message.id for message in _sentences() if _key(message) not in said]
    assert wanted == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_in_the_catalogue_is_a_guess(language: str) -> None:
    assert [message.id for message in _messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_sentence_with_a_number_has_every_plural_form_of_the_language(language: str) -> None:
    expected = Catalog(locale=language)
    assert _catalogue(language).plural_forms == expected.plural_forms
    numbered = [message for message in _messages(language) if message.pluralizable]
    assert numbered
    full = [message for message in numbered if all(_texts(message.string))]
    assert {len(_texts(message.string)) for message in full} == {expected.num_plurals}
    assert [message.id for message in numbered if message not in full] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_both_sides_hold_the_same_values(language: str) -> None:
    assert _unlike(language, lambda text: sorted(PLACEHOLDER.findall(text))) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_both_sides_begin_and_end_with_the_same_space(language: str) -> None:
    assert _unlike(language, lambda text: text.split(text.strip() or None)) == []


def _unlike(language: str, trait: Callable[[str], list[str]]) -> list[tuple[str, str]]:
    """Return the pairs of an English sentence and its translation that differ in *trait*."""
    pairs = [
        (_texts(message.id)[-1], form)
        for message in _messages(language)
        for form in _texts(message.string)
    ]
    return [(english, form) for english, form in pairs if trait(english) != trait(form)]


@cache
def _sentences() -> tuple[Message, ...]:
    """Collect what code, templates and settings say today."""
    found = subprocess.run(
        [sys.executable, "-c", COLLECT], cwd=ROOT, capture_output=True, check=True, timeout=120
    )
    return tuple(message for message in read_po(BytesIO(found.stdout)) if message.id)


@cache
def _catalogue(language: str) -> Catalog:
    """Return what the desk says in a language, and its plugins that speak for themselves."""
    places = [ROOT / "deskcore", *(path.parent for path in (ROOT / "plugins").glob("*/locale"))]
    whole = Catalog(locale=language)
    for place in places:
        with (place / "locale" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
            found = read_po(file, locale=language)
        assert found.plural_forms == whole.plural_forms, place
        for message in found:
            if message.id:
                whole[message.id] = message
    return whole


def _messages(language: str) -> list[Message]:
    return [message for message in _catalogue(language) if message.id]


def _texts(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """Return one text, or all forms of one with a number."""
    return (value,) if isinstance(value, str) else tuple(value or ("",))


def _key(message: Message) -> tuple[tuple[str, ...], str | None]:
    return _texts(message.id), message.context
