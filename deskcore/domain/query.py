"""What a person typed into the search field, read as words and small operators.

``is:open from:jana tag:"damaged goods" kettle`` – operators narrow, words are looked for. Nothing
typed can be an error: what is no operator is a word.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

MAX_QUERY = 500
IS = frozenset(
    {"open", "waiting", "solved", "spam", "deleted", "unassigned", "mine", "assigned", "unread"}
)
HAS = frozenset({"file", "files", "attachment"})

# Further ones are brought by plugins.
OPERATORS = frozenset({"is", "has", "kind", "from", "tag", "in", "assignee", "after", "before"})

_part = re.compile(r'(?:(?P<name>[a-z_]+):)?(?:"(?P<quoted>[^"]*)"|(?P<plain>\S+))', re.IGNORECASE)
_number = re.compile(r"\s*#?\s*([0-9]{1,15})\s*")
_date = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


@dataclass(frozen=True, kw_only=True)
class Query:
    """A search as understood.

    ``number`` is set when nothing but a ticket number was typed. ``states`` are values of ``is:``.
    Days are those of the desk's calendar, the first included, the second not. ``further`` are
    operators that plugins brought: (name, value).
    """

    text: str
    words: str = ""
    number: int | None = None
    states: tuple[str, ...] = ()
    sender: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    mailboxes: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    has_files: bool = False
    after: date | None = None
    before: date | None = None
    further: tuple[tuple[str, str], ...] = ()

    @property
    def is_only_words(self) -> bool:
        """Whether no operator narrows it."""
        return self == Query(text=self.text, words=self.words, number=self.number)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to look for."""
        return self == Query(text=self.text)


def parse(text: str, *, further: Collection[str] = ()) -> Query:
    """Read a query; too long a one is cut. *further* are names of operators beside the desk's."""
    readable = text.replace("\x00", " ").encode("utf-8", "ignore").decode("utf-8")
    text = " ".join(readable[:MAX_QUERY].split())
    number = _number.fullmatch(text)
    words: list[str] = []
    found: dict[str, list[str]] = {}
    asked: list[tuple[str, str]] = []
    for match in _part.finditer(text):
        name = (match["name"] or "").lower()
        value = match["quoted"] if match["quoted"] is not None else match["plain"]
        if name in further and value.strip():
            asked.append((name, value.strip()))
        elif _is_operator(name, value):
            found.setdefault(name, []).append(value.strip())
        else:
            words.append(match.group())
    return Query(
        text=text,
        words=" ".join(words),
        number=int(number[1]) if number else None,
        states=tuple(value.lower() for value in found.get("is", ())),
        sender=tuple(found.get("from", ())),
        kinds=tuple(found.get("kind", ())),
        tags=tuple(found.get("tag", ())),
        mailboxes=tuple(found.get("in", ())),
        assignees=tuple(found.get("assignee", ())),
        has_files="has" in found,
        after=_day(found.get("after", ())),
        before=_day(found.get("before", ())),
        further=tuple(asked),
    )


def _is_operator(name: str, value: str) -> bool:
    value = value.strip()
    if name == "is":
        return value.lower() in IS
    if name == "has":
        return value.lower() in HAS
    if name in {"after", "before"}:
        return _day([value]) is not None
    return name in {"kind", "from", "tag", "in", "assignee"} and bool(value)


def _day(values: list[str] | tuple[str, ...]) -> date | None:
    for value in reversed(values):
        match = _date.fullmatch(value)
        if match:
            try:
                return date(int(match[1]), int(match[2]), int(match[3]))
            except ValueError:
                continue
    return None
