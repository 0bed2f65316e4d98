"""What a template needs to draw a form: each field with its words, what was typed, and what is wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from deskcore.api import Problem
from plugins.web_form.answers import Answers
from plugins.web_form.proof import Page, seal, work_for
from plugins.web_form.shapes import CHOOSING, YES, Field, Form

FEW = 7  # choices that are shown at once; more are a menu
_AUTOCOMPLETE = {"name": "name", "email": "email", "phone": "tel"}
_TYPES = {"email": "email", "phone": "tel", "date": "date"}
_ACCEPTS = {"photos": "image/*", "camera": "image/*"}


@dataclass(frozen=True, kw_only=True)
class DrawnChoice:
    """One thing to choose."""

    id: str
    value: str
    text: str
    is_chosen: bool


@dataclass(frozen=True, kw_only=True)
class DrawnFile:
    """A file that was kept from an earlier try."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class DrawnField:
    """One field as it is drawn; ``look`` is which part of the template draws it."""

    name: str
    look: str
    type: str
    label: str
    help: str
    only_if: str
    when: str
    is_required: bool
    value: str
    choices: tuple[DrawnChoice, ...]
    autocomplete: str
    accept: str
    is_camera: bool
    wrong: str
    kept: tuple[DrawnFile, ...] = ()

    @property
    def first_id(self) -> str:
        """Where a link of the summary of errors leads."""
        return (
            self.choices[0].id if self.look in {"radios", "boxes"} and self.choices else self.name
        )


@dataclass(frozen=True, kw_only=True)
class DrawnForm:
    """A whole form as it is drawn."""

    title: str
    intro: str
    button: str
    language: str
    action: str
    token: str
    work: str
    fields: tuple[DrawnField, ...]
    has_files: bool
    notice: str = ""
    summary: tuple[tuple[str, str], ...] = field(default=())


def draw(
    form: Form,
    *,
    language: str,
    action: str,
    page: Page | None = None,
    answers: Answers | None = None,
    problems: Sequence[Problem] = (),
    notice: str = "",
) -> DrawnForm:
    """Return a form as it is drawn, with what was answered and what is wrong with it.

    Without a *page* it is one to look at: nobody can send it.
    """
    given = answers or Answers(values={})
    fields = tuple(_field(form, each, given, problems, language) for each in form.fields)
    by_name = {each.name: each.first_id for each in fields}
    own = {"email": "f-email", "files": next((f.name for f in fields if f.look == "file"), "")}
    return DrawnForm(
        title=form.text("title", language) or form.name,
        intro=form.text("intro", language),
        button=form.text("button", language),
        language=language,
        action=action,
        token=seal(page) if page else "",
        work=work_for(page) if page else "",
        fields=fields,
        has_files=any(each.look == "file" for each in fields),
        notice=notice,
        summary=tuple(
            (by_name.get(own.get(each.field, each.field), "main"), str(each.message))
            for each in problems
        ),
    )


def _field(
    form: Form, each: Field, answers: Answers, problems: Sequence[Problem], language: str
) -> DrawnField:
    given = answers.values.get(each.key, ())
    wrong = [
        str(problem.message)
        for problem in problems
        if problem.field == each.input_name
        or (problem.field == "email" and each.key == "email")
        or (problem.field == "files" and each.kind == "file")
    ]
    return DrawnField(
        name=each.input_name,
        look=_look(each),
        type=_TYPES.get(each.kind, "text"),
        label=form.label(each, language),
        help=form.help(each, language),
        only_if=form.sentence(each, language),
        when=_when(each),
        is_required=each.is_required,
        value=next(iter(given), ""),
        choices=tuple(
            DrawnChoice(
                id=f"{each.input_name}-{number}",
                value=one.value,
                text=form.choice_text(one, language),
                is_chosen=one.value in given,
            )
            for number, one in enumerate(each.choices, 1)
        ),
        autocomplete=_AUTOCOMPLETE.get(each.key, _AUTOCOMPLETE.get(each.kind, "off")),
        accept=_ACCEPTS.get(each.accepts, ""),
        is_camera=each.accepts == "camera",
        wrong=" ".join(wrong),
        kept=tuple(
            DrawnFile(id=file.kept_id, name=file.filename)
            for file in answers.files
            if file.field == each.key and file.kept_id
        ),
    )


def _look(each: Field) -> str:
    if each.kind in CHOOSING:
        if each.kind == "choices":
            return "boxes"
        return "radios" if len(each.choices) <= FEW else "menu"
    return {"long": "long", "file": "file", "consent": "consent", "number": "number"}.get(
        each.kind, "line"
    )


def _when(each: Field) -> str:
    """Return the condition for the page's script, "" for none."""
    if each.when is None:
        return ""
    return json.dumps({"name": f"f-{each.when.key}", "value": each.when.value or YES})
