"""What somebody answered: read from what was posted, judged field by field, without a database.

Fields whose condition does not hold are left out, whatever stands in them: without scripts a page
shows them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from deskcore.api import N_, Problem, _, ngettext
from plugins.web_form.shapes import CHOOSING, YES, Field, Form

LONGEST_TEXT, LONGEST_LONG = 500, 20_000
_ADDRESS = re.compile(r"[^\s<>,;:\"()\\@]{1,64}@[^\s<>,;:\"()\\@]+\.[^\s<>,;:\"()\\@.]{2,}")
_PHONE = re.compile(r"[+(]?[0-9][0-9 ()./-]{4,28}")
_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")


@dataclass(frozen=True, kw_only=True)
class GivenFile:
    """A file that came with the form; ``kept_id`` is its row when it came with an earlier try."""

    field: str
    filename: str
    content: bytes
    kept_id: int = 0


@dataclass(frozen=True, kw_only=True)
class Answers:
    """Everything posted, by key: lists of what was typed or chosen, and files."""

    values: Mapping[str, tuple[str, ...]]
    files: tuple[GivenFile, ...] = ()

    def first(self, key: str) -> str:
        """Return what a field holds, "" for nothing."""
        return next(iter(self.values.get(key, ())), "")

    def digest(self) -> str:
        """Return what tells these answers from others: the same ones twice are one message."""
        parts = [f"{key}={value}" for key in sorted(self.values) for value in self.values[key]]
        parts += [f"{file.field}={sha256(file.content).hexdigest()}" for file in self.files]
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def shown(form: Form, answers: Answers) -> list[Field]:
    """Return the fields whose conditions hold, in their order."""
    found: list[Field] = []
    for each in form.fields:
        when = each.when
        if when is None or (
            any(other.key == when.key for other in found)
            and when.value in answers.values.get(when.key, ())
        ):
            found.append(each)
    return found


def tidied(form: Form, answers: Answers) -> Answers:
    """Return only what belongs to fields that are shown, trimmed."""
    fields = {each.key: each for each in shown(form, answers)}
    values = {
        key: tuple(text for text in (_trimmed(fields[key], each) for each in given) if text)
        for key, given in answers.values.items()
        if key in fields
    }
    files = tuple(file for file in answers.files if file.field in fields)
    return Answers(values={key: given for key, given in values.items() if given}, files=files)


def problems(form: Form, answers: Answers, language: str) -> list[Problem]:
    """Say what is wrong with tidied answers, in the order of the fields."""
    return [
        Problem(field=each.input_name, message=told)
        for each in shown(form, answers)
        for told in _wrong(form, each, answers, language)
    ]


def typed(field: Field, text: str) -> str | float | date:
    """Return an answer that is not wrong as what it means."""
    if field.kind == "number":
        return float(_plain_number(text))
    return date.fromisoformat(text) if field.kind == "date" else text


def _wrong(form: Form, field: Field, answers: Answers, language: str) -> Iterator[str]:
    given = answers.values.get(field.key, ())
    has_file = any(file.field == field.key for file in answers.files)
    if field.is_required and not given and not has_file:
        yield _missing(field, form.label(field, language))
    yield from (told for text in given if (told := _wrong_text(field, text)))


def _missing(field: Field, label: str) -> str:
    if field.kind == "consent":
        return _("Tick “%(field)s” to go on.", field=label)
    if field.kind in CHOOSING:
        return _("Choose an answer for “%(field)s”.", field=label)
    if field.kind == "file":
        return _("Add a file for “%(field)s”.", field=label)
    if field.kind == "email":
        return _("Enter your mail address, like name@example.com.")
    return _("Fill in “%(field)s”.", field=label)


def _wrong_text(field: Field, text: str) -> str:
    """Say what is wrong with one text, "" for nothing."""
    longest = LONGEST_LONG if field.kind == "long" else LONGEST_TEXT
    if len(text) > longest:
        told = "Use at most %(num)d character.", "Use at most %(num)d characters."
        return ngettext(*told, longest)
    is_right, told_wrong = _RULES.get(field.kind, _FREE)
    if field.kind in CHOOSING:
        return "" if text in {each.value for each in field.choices} else _(_NOT_LISTED)
    return "" if is_right(text) else _(told_wrong)


def _trimmed(field: Field, text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\x00", "").encode("utf-8", "ignore").decode()
    if field.kind == "consent":
        return YES if text == YES else ""
    return text.strip() if field.kind == "long" else " ".join(text.split())


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(_plain_number(text)) is not None


def _plain_number(text: str) -> str:
    return "".join(text.split()).replace(",", ".")


def _is_day(text: str) -> bool:
    try:
        return (
            date.fromisoformat(text).year > 0 and re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None
        )
    except ValueError:
        return False


_NOT_LISTED = N_("Choose one of the answers listed.")
_FREE: tuple[Callable[[str], object], str] = (bool, "")
_RULES: dict[str, tuple[Callable[[str], object], str]] = {
    "email": (
        _ADDRESS.fullmatch,
        N_("Enter a mail address in full, like name@example.com."),
    ),
    "phone": (
        _PHONE.fullmatch,
        N_("Enter a phone number in digits, like +420 601 234 567."),
    ),
    "number": (_is_number, N_("Enter a number, like 12 or 12.5.")),
    "date": (_is_day, N_("Enter a day that exists, like 2026-01-31.")),
}
