"""The fields of a form: added, changed, put in order and deleted by whoever builds it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, update

from deskcore.api import N_, Actor, Conflict, Invalid, NotFound, Problem, _
from deskcore.api.data import Unit, require, unit_of_work
from plugins.web_form import stored
from plugins.web_form.building import touch
from plugins.web_form.places import MANAGE
from plugins.web_form.shapes import (
    CHOOSING,
    DECIDING,
    EMAIL,
    KINDS,
    YES,
    Condition,
    Field,
    Form,
    Kind,
)
from plugins.web_form.tables import FIELDS

MOST = 60
MOST_CHOICES = 100
LONGEST_LABEL, LONGEST_HELP, LONGEST_CHOICE = 200, 500, 120


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A field as somebody wants it; ``choices`` are lines of text by language."""

    label: Mapping[str, str]
    help: Mapping[str, str]
    is_required: bool
    choices: Mapping[str, Sequence[str]]
    accepts: str
    when: Condition | None


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What would be lost with a field: conditions of other fields, and how many answers hold it."""

    dependents: tuple[Field, ...]
    answers: int


def one(form: Form, field_id: int) -> Field:
    """Return a field of a form; raises NotFound."""
    for field in form.fields:
        if field.id == field_id:
            return field
    raise NotFound(_("There is no such field; somebody may have deleted it meanwhile."))


def add(actor: Actor, form_id: int, kind: Kind, label: str, *, language: str) -> int:
    """Put a field at the end of a form; returns its id. Raises Invalid."""
    require(actor, MANAGE.name)
    form = stored.by_id(form_id)
    label = _line(label)
    problems = []
    if kind not in KINDS:
        problems.append(Problem(field="kind", message=_("Choose one of the kinds listed.")))
    if not 0 < len(label) <= LONGEST_LABEL:
        problem = _("Say what the field asks for, in at most 200 characters.")
        problems.append(Problem(field="label", message=problem))
    if len(form.fields) >= MOST:
        problem = _("A form has at most %(count)d fields.", count=MOST)
        problems.append(Problem(field="label", message=problem))
    if problems:
        raise Invalid(problems)
    choices: list[dict[str, object]]
    choices = [{"value": value, "texts": {}} for value in ("A", "B")] if kind in CHOOSING else []
    with unit_of_work(actor) as unit:
        values = {
            "form_id": form_id,
            "key": _free_key(form, kind, label),
            "kind": kind,
            "position": len(form.fields),
            "is_required": False,
            "texts": {"label": {language: label}, "help": {}},
            "choices": choices,
            "accepts": "any",
            "when_key": "",
            "when_value": "",
        }
        made = insert(FIELDS).values(**values).returning(FIELDS.c.id)
        field_id: int = unit.session.execute(made).scalar_one()
        _note(unit, form)
    return field_id


def change(actor: Actor, form_id: int, field_id: int, wanted: Wanted) -> None:
    """Change a field; raises Invalid, and Conflict when other fields depend on what would go."""
    require(actor, MANAGE.name)
    form = stored.by_id(form_id)
    field = one(form, field_id)
    choices, problems = _choices(form, field, wanted)
    problems += _problems(form, field, wanted)
    if problems:
        raise Invalid(problems)
    values = {
        "is_required": wanted.is_required or field.key == EMAIL,
        "texts": {"label": _texts(wanted.label), "help": _texts(wanted.help)},
        "choices": choices,
        "accepts": wanted.accepts if field.kind == "file" else "any",
        "when_key": wanted.when.key if wanted.when else "",
        "when_value": wanted.when.value if wanted.when else "",
    }
    with unit_of_work(actor) as unit:
        unit.session.execute(update(FIELDS).where(FIELDS.c.id == field_id).values(**values))
        _note(unit, form)


def move(actor: Actor, form_id: int, field_id: int, place: int) -> None:
    """Put a field at a place in its form, counted from 0; beyond the last one is the last.

    Raises Conflict when it would stand before the field that it depends on, or after one that
    depends on it.
    """
    require(actor, MANAGE.name)
    form = stored.by_id(form_id)
    field = one(form, field_id)
    others = [each for each in form.fields if each.id != field_id]
    place = min(max(place, 0), len(others))
    order = [*others[:place], field, *others[place:]]
    _require_order(form, order)
    with unit_of_work(actor) as unit:
        for position, each in enumerate(order):
            placed = update(FIELDS).where(FIELDS.c.id == each.id).values(position=position)
            unit.session.execute(placed)
        _note(unit, form)


def usage(form: Form, field: Field) -> Usage:
    """Say what would be lost with a field."""
    dependents = [each for each in form.fields if each.when and each.when.key == field.key]
    return Usage(dependents=tuple(dependents), answers=stored.answers_of(form.id, field.key))


def remove(actor: Actor, form_id: int, field_id: int) -> None:
    """Delete a field; those that depended on it are shown always. Tickets keep their answers."""
    require(actor, MANAGE.name)
    form = stored.by_id(form_id)
    field = one(form, field_id)
    if field.key == EMAIL:
        problem = _("Without a mail address nobody could be answered, so this field stays.")
        raise Conflict(problem)
    with unit_of_work(actor) as unit:
        unit.session.execute(delete(FIELDS).where(FIELDS.c.id == field_id))
        freed = (FIELDS.c.form_id == form_id) & (FIELDS.c.when_key == field.key)
        unit.session.execute(update(FIELDS).where(freed).values(when_key="", when_value=""))
        _note(unit, form)


def deciders(form: Form, field: Field) -> list[Field]:
    """Return the fields that *field* can depend on: those before it with something to choose."""
    before = form.fields[: form.fields.index(field)]
    return [each for each in before if each.kind in DECIDING]


def _note(unit: Unit, form: Form) -> None:
    touch(unit, form.id, version=None)
    unit.audit(N_("changed the fields of a web form"), form.name)


def _require_order(form: Form, order: Sequence[Field]) -> None:
    seen: set[str] = set()
    for each in order:
        if each.when is not None and each.when.key not in seen:
            decider = form.field(each.when.key)
            told = _(
                "“%(field)s” is shown by what “%(decider)s” says, so it stays below it.",
                field=form.label(each, form.languages[0]),
                decider=form.label(decider, form.languages[0]) if decider else each.when.key,
            )
            raise Conflict(told)
        seen.add(each.key)


def _free_key(form: Form, kind: Kind, label: str) -> str:
    """Make a key that no field of the form has; of the same key and kind other forms share a field."""
    word = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:24]
    word = word if re.match(r"[a-z]", word) else kind
    taken = {each.key for each in form.fields} | {EMAIL}
    kinds_of = {f.key: f.kind for each in stored.all_forms() for f in each.fields}
    number, key = 1, word
    while key in taken or kinds_of.get(key, kind) != kind:
        number += 1
        key = f"{word}_{number}"
    return key


def _problems(form: Form, field: Field, wanted: Wanted) -> Iterator[Problem]:
    for name, texts, most in (
        ("label", wanted.label, LONGEST_LABEL),
        ("help", wanted.help, LONGEST_HELP),
    ):
        for language, text in texts.items():
            if len(text) > most:
                problem = _("Use at most %(count)d characters.", count=most)
                yield Problem(field=f"{name}_{language}", message=problem)
    if wanted.accepts not in {"any", "photos", "camera"}:
        yield Problem(field="accepts", message=_("Choose one of the values listed."))
    if wanted.when is not None:
        known = {each.key: each for each in deciders(form, field)}
        decider = known.get(wanted.when.key)
        values = {YES} if decider and decider.kind == "consent" else set()
        values |= {each.value for each in decider.choices} if decider else set()
        if wanted.when.value not in values:
            yield Problem(field="when", message=_("Choose one of the values listed."))


def _choices(
    form: Form, field: Field, wanted: Wanted
) -> tuple[list[dict[str, object]], list[Problem]]:
    """Match the lines of each language: the first language's lines are what tickets keep."""
    if field.kind not in CHOOSING:
        return [], []
    first = form.languages[0]
    lines = {
        language: [_line(each)[:LONGEST_CHOICE] for each in texts if each.strip()]
        for language, texts in wanted.choices.items()
    }
    values = lines.get(first) or next((each for each in lines.values() if each), [])
    if not 0 < len(values) <= MOST_CHOICES or len(set(values)) < len(values):
        problem = _("Write one choice in a line, each only once, 100 at most.")
        return [], [Problem(field=f"choices_{first}", message=problem)]
    uneven = [code for code, texts in lines.items() if texts and len(texts) != len(values)]
    if uneven:
        problem = _("Write as many lines as there are choices, in the same order.")
        return [], [Problem(field=f"choices_{uneven[0]}", message=problem)]
    needed = {
        each.when.value for each in form.fields if each.when and each.when.key == field.key
    } - set(values)
    if needed:
        problem = _(
            "“%(value)s” decides about another field, so it has to stay.", value=min(needed)
        )
        return [], [Problem(field=f"choices_{first}", message=problem)]
    return [
        {"value": value, "texts": {code: texts[at] for code, texts in lines.items() if texts}}
        for at, value in enumerate(values)
    ], []


def _texts(typed: Mapping[str, str]) -> dict[str, str]:
    tidied = {language: _line(text) for language, text in typed.items()}
    return {language: text for language, text in tidied.items() if text}


def _line(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())
