"""How answers read as a message, and which of them are fields of the ticket: pure."""

from __future__ import annotations

from collections.abc import Iterator

from deskcore.api import _
from deskcore.api.data import PageField
from deskcore.plugin import TicketField
from plugins.web_form.answers import Answers, shown, typed
from plugins.web_form.places import FORM_FIELD, SLUG
from plugins.web_form.shapes import MESSAGE, NAME, OF_THE_TICKET, SUBJECT, Field, Form

LONGEST_FIELD = 1000  # what a ticket's field holds; the message says all of it
_KINDS = {"number": "number", "date": "date"}


def lines(form: Form, answers: Answers, language: str) -> Iterator[tuple[Field, str, str]]:
    """Yield each field that was answered, what it is called, and the answer in words."""
    for each in shown(form, answers):
        given = answers.values.get(each.key, ())
        names = [file.filename for file in answers.files if file.field == each.key]
        if given or names:
            yield (
                each,
                form.label(each, language),
                ", ".join(_words(form, each, given, language) or names),
            )


def message(form: Form, answers: Answers, language: str) -> str:
    """Return the message: what was written first, then every other answer in a line."""
    said = answers.first(MESSAGE)
    others = [
        f"{label}: {words}" if "\n" not in words else f"{label}:\n{words}"
        for each, label, words in lines(form, answers, language)
        if each.key != MESSAGE and each.key not in OF_THE_TICKET and each.kind != "file"
    ]
    title = form.text("title", language) or form.name
    others.append(_("Sent by the form “%(form)s”.", form=title))
    return "\n\n".join(filter(None, (said, "\n".join(others))))


def subject(form: Form, answers: Answers, language: str) -> str:
    """Return what the ticket is called."""
    return answers.first(SUBJECT) or form.text("title", language) or form.name


def sender_name(answers: Answers) -> str:
    """Return who wrote, "" when they did not say."""
    return answers.first(NAME)


def ticket_fields(form: Form, answers: Answers) -> list[PageField]:
    """Return the answers that are kept as fields of the ticket, each as what it is."""
    found = [PageField(field=FORM_FIELD, value=form.name)]
    language = form.languages[0]
    for each in shown(form, answers):
        given = answers.values.get(each.key, ())
        if each.key in OF_THE_TICKET or not given:
            continue
        kind = _KINDS.get(each.kind, "text")
        value = typed(each, given[0]) if kind != "text" else _kept(form, each, given, language)
        declared = TicketField(
            name=f"{SLUG}.{each.key}",
            label=form.label(each, language)[:120],
            kind="number" if kind == "number" else "date" if kind == "date" else "text",
        )
        found.append(PageField(field=declared, value=value))
    return found


def _kept(form: Form, field: Field, given: tuple[str, ...], language: str) -> str:
    words = given if field.kind != "consent" else _words(form, field, given, language)
    return ", ".join(words)[:LONGEST_FIELD].strip()


def _words(form: Form, field: Field, given: tuple[str, ...], language: str) -> list[str]:
    if field.kind == "consent":
        return [_("yes") for _each in given]
    texts = {each.value: form.choice_text(each, language) for each in field.choices}
    return [texts.get(each, each) for each in given]
