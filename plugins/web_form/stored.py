"""Reading forms and their fields from the rows they are kept in."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Row, Select, String, cast, func, select
from sqlalchemy.orm import Session

from deskcore.api import NotFound, _
from deskcore.api.data import reading
from plugins.web_form.shapes import Choice, Condition, Field, Form
from plugins.web_form.tables import FIELDS, FORMS, SENT

MOST_FORMS = 100


def all_forms() -> list[Form]:
    """Return every form, by name."""
    with reading() as session:
        return _forms(session, select(FORMS).order_by(FORMS.c.name, FORMS.c.id).limit(MOST_FORMS))


def by_id(form_id: int) -> Form:
    """Return one form; raises NotFound."""
    with reading() as session:
        return in_session(session, form_id)


def in_session(session: Session, form_id: int) -> Form:
    """Return one form in a session that is open; raises NotFound."""
    return _one(_forms(session, select(FORMS).where(FORMS.c.id == form_id)))


def by_slug(slug: str) -> Form:
    """Return the form at an address, for customers: one that is on. Raises NotFound."""
    with reading() as session:
        return _one(_forms(session, select(FORMS).where(FORMS.c.slug == slug, FORMS.c.is_on)))


def first_form() -> Form | None:
    """Return the form that the help page offers: the one marked so, while it is on."""
    with reading() as session:
        statement = select(FORMS).where(FORMS.c.is_on, FORMS.c.is_first).limit(1)
        return next(iter(_forms(session, statement)), None)


def sent_by_form() -> dict[int, int]:
    """Count what was sent by each form."""
    with reading() as session:
        rows = session.execute(select(SENT.c.form_id, func.count()).group_by(SENT.c.form_id))
        return {row[0]: row[1] for row in rows}


def answers_of(form_id: int, key: str) -> int:
    """Count the answers that hold something in a field."""
    with reading() as session:
        holds = cast(SENT.c.answered, String).contains(f'"{key}"', autoescape=True)
        counted = select(func.count()).where(SENT.c.form_id == form_id, holds)
        return session.scalars(counted).one()


def _one(found: list[Form]) -> Form:
    if not found:
        raise NotFound(_("There is no such form; somebody may have deleted it meanwhile."))
    return found[0]


def _forms(session: Session, statement: Select[Any]) -> list[Form]:
    rows = session.execute(statement).all()
    fields: defaultdict[int, list[Field]] = defaultdict(list)
    of_forms = FIELDS.c.form_id.in_([row.id for row in rows])
    order = (FIELDS.c.form_id, FIELDS.c.position, FIELDS.c.id)
    for row in session.execute(select(FIELDS).where(of_forms).order_by(*order)):
        fields[row.form_id].append(_field(row))
    return [_form(row, tuple(fields[row.id])) for row in rows]


def _form(row: Row[Any], fields: tuple[Field, ...]) -> Form:
    return Form(
        id=row.id,
        slug=row.slug,
        name=row.name,
        is_on=row.is_on,
        is_first=row.is_first,
        mailbox_id=row.mailbox_id,
        team_id=row.team_id,
        tags=tuple(row.tags),
        languages=tuple(row.languages),
        texts=row.texts,
        sites=tuple(row.sites),
        fields=fields,
        version=row.version,
        changed_by=row.changed_by,
    )


def _field(row: Row[Any]) -> Field:
    return Field(
        id=row.id,
        key=row.key,
        kind=row.kind,
        is_required=row.is_required,
        label=row.texts.get("label", {}),
        help=row.texts.get("help", {}),
        choices=tuple(Choice(value=each["value"], texts=each["texts"]) for each in row.choices),
        accepts=row.accepts,
        when=Condition(key=row.when_key, value=row.when_value) if row.when_key else None,
    )
