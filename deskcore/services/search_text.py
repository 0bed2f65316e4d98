"""Text to search terms: one normaliser for documents and queries, for both databases.

A term is letters and digits only, so neither full-text engine can cut it differently or read an
operator into it. A word gives its folded form and its stems in the desk's languages, each stem
marked with its language: a stem never matches a whole word by accident.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import Stemmer

MAX_WORD = 64  # longer runs are base64 and the like: kept, but cut
MAX_TEXT = 20_000  # characters of one message; PostgreSQL refuses a tsvector over 1 MB
LANGUAGES = ("en", "ru", "cs")
ALGORITHMS = {"en": "english", "ru": "russian", "cs": "czech"}
CYRILLIC = frozenset({"ru"})
# A letter that no word of these languages holds, and that both engines take for a letter.
MARK = "ǀ"

_words = re.compile(r"[^\W_]+")
_cjk = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]+")
_stemmers = threading.local()


class _Stemmer(Protocol):
    def stemWord(self, word: str) -> str: ...  # noqa: N802  the library's name


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word of a query: any of ``terms`` will do; ``is_prefix`` when it is only a beginning."""

    text: str
    terms: tuple[str, ...]
    is_prefix: bool = False


def terms(text: str) -> str:
    """Return the terms of a document in order, separated by spaces; long text is cut."""
    found = _words.findall(unicodedata.normalize("NFC", text[:MAX_TEXT]))
    return " ".join(filter(None, (_document_terms(word[:MAX_WORD].lower()) for word in found)))


def words(text: str, limit: int = 12) -> list[Word]:
    """Return the words of a query, each with the terms it may appear as; further ones are dropped.

    A word that ends with ``*`` is a beginning.
    """
    found: dict[str, Word] = {}
    text = unicodedata.normalize("NFC", text)
    for match in _words.finditer(text):
        is_prefix = text[match.end() : match.end() + 1] == "*"
        for word in _query_words(match.group()[:MAX_WORD].lower(), is_prefix=is_prefix):
            found.setdefault(word.text, word)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def beginnings(query: Iterable[Word]) -> list[Word]:
    """Return the same words as beginnings, for when none matched whole."""
    return [
        Word(text=word.text, terms=(word.text,), is_prefix=True) if len(word.text) > 2 else word  # noqa: PLR2004  shorter ones begin everything
        for word in query
    ]


def fold(word: str) -> str:
    """Take case and accents off: "Kůň" and "kun" become one; "й" stays, it is no accented "и"."""
    if word.isascii():
        return word.lower()
    kept: list[str] = []
    for char in unicodedata.normalize("NFKD", word.casefold()):
        # Only the accents of European scripts: Hangul and kana marks are put together again.
        is_accent = "\u0300" <= char <= "\u036f"
        if not is_accent or (char == "\u0306" and kept and kept[-1] == "и"):
            kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept))


@lru_cache(maxsize=10_000)  # most words of most mails; one text each, for there they weigh least
def _document_terms(word: str) -> str:
    parts: list[str] = []
    for piece, is_cjk in _pieces(word):
        if is_cjk:
            parts.extend(piece[at : at + 2] for at in range(len(piece)))
        else:
            parts.extend(_word_terms(piece))
    return " ".join(parts)


def _query_words(word: str, *, is_prefix: bool) -> Iterator[Word]:
    for piece, is_cjk in _pieces(word):
        if not is_cjk:
            alternatives = (fold(piece),) if is_prefix else _word_terms(piece)
            if alternatives and alternatives[0]:
                yield Word(text=alternatives[0], terms=alternatives, is_prefix=is_prefix)
        elif len(piece) == 1:
            yield Word(text=piece, terms=(piece,), is_prefix=True)
        else:
            for at in range(len(piece) - 1):
                pair = piece[at : at + 2]
                yield Word(text=pair, terms=(pair,))


def _pieces(word: str) -> Iterator[tuple[str, bool]]:
    """Split a run of letters where a script without spaces begins or ends."""
    at = 0
    for match in _cjk.finditer(word):
        if match.start() > at:
            yield word[at : match.start()], False
        yield match.group(), True
        at = match.end()
    if at < len(word):
        yield word[at:], False


def _word_terms(word: str) -> tuple[str, ...]:
    """Return the folded word, then its stems; people leave accents out, so both are stemmed."""
    plain = "".join(_words.findall(fold(word)))
    if not plain:
        return ()
    result = [plain]
    if plain.isdecimal():
        return tuple(result)
    is_cyrillic = "\u0400" <= plain[0] <= "\u04ff"
    for language in LANGUAGES:
        if (language in CYRILLIC) != is_cyrillic:
            continue
        stemmer = _stemmer(language)
        for form in dict.fromkeys((word, plain)):
            term = f"{language}{MARK}{fold(stemmer.stemWord(form))}"
            if term not in result:
                result.append(term)
    return tuple(result)


def _stemmer(language: str) -> _Stemmer:
    """Return this thread's stemmer; they keep state while they work."""
    kept: dict[str, _Stemmer] | None = getattr(_stemmers, "by_language", None)
    if kept is None:
        kept = _stemmers.by_language = {}
    if language not in kept:
        kept[language] = Stemmer.Stemmer(ALGORITHMS[language], 0)  # words are kept above, once
    return kept[language]
