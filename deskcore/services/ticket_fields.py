"""Further fields of tickets: plugins declare them, the desk keeps, shows and finds their values.

What is stored stays while the plugin is inactive; it is not shown then.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from deskcore.db import insert_into
from deskcore.domain import events
from deskcore.domain.people import Actor
from deskcore.errors import Invalid, Problem
from deskcore.i18n import _
from deskcore.models import Ticket, TicketFieldValue
from deskcore.models import TicketField as FieldRow
from deskcore.plugin.active import plugins
from deskcore.plugin.ticket_parts import FieldValue, TicketField
from deskcore.services import access, search
from deskcore.services.unit import Unit, reading, unit_of_work

LONGEST = 1000  # characters of a text; what its column holds
LARGEST = 1e13  # so that six decimals are left of the twenty digits of its column

_COLUMNS = {
    "text": "text_value",
    "option": "text_value",
    "number": "number_value",
    "date": "date_value",
}
_TYPES: dict[str, type] = {"text": str, "option": str, "number": float, "date": date}


class FieldLine(NamedTuple):
    """A field of one ticket; ``id`` names it in forms, ``typed`` is its value as a form has it."""

    id: str
    field: TicketField
    value: FieldValue | None
    typed: str


def lines(actor: Actor, number: int) -> tuple[FieldLine, ...]:
    """Return the fields of a ticket in their order; asks nothing when no plugin declares any."""
    declared = _declared()
    if not declared:
        return ()
    with reading() as session:
        stored = values_of(session, access.get_visible(session, actor, number).id)
    return tuple(
        FieldLine(
            id=_id(each.name),
            field=each,
            value=stored.get(each.name),
            typed=plain(stored.get(each.name)),
        )
        for each in declared
    )


def values_of(session: Session, ticket_id: int) -> dict[str, FieldValue]:
    """Return what the fields of a ticket hold, by their names; those without a value are missing."""
    statement = (
        select(
            FieldRow.key,
            TicketFieldValue.text_value,
            TicketFieldValue.number_value,
            TicketFieldValue.date_value,
        )
        .join(FieldRow, FieldRow.id == TicketFieldValue.field_id)
        .where(TicketFieldValue.ticket_id == ticket_id)
    )
    found = (
        (key, next((v for v in held if v is not None), None))
        for key, *held in _rows(session, statement)
    )
    return {key: value for key, value in found if value is not None}


def typed_values(form: Mapping[str, str]) -> dict[str, FieldValue | None]:
    """Read the fields of a form; raises Invalid with everything that is wrong."""
    values: dict[str, FieldValue | None] = {}
    problems: list[Problem] = []
    for each in _declared():
        typed = form.get(_id(each.name))
        if typed is None:
            continue
        try:
            values[each.name] = _READERS[each.kind](each, typed.strip()) if typed.strip() else None
        except ValueError as error:
            problems.append(Problem(field=_id(each.name), message=str(error)))
    if problems:
        raise Invalid(problems)
    return values


def change(actor: Actor, number: int, values: Mapping[str, FieldValue | None]) -> None:
    """Give fields of a ticket other values, None for no value."""
    if not values:
        return
    with unit_of_work(actor) as unit:
        ticket = access.get_visible(unit.session, actor, number)
        access.require(actor, "ticket.change", unit.session)
        set_fields(unit, ticket.id, values)


def set_fields(unit: Unit, ticket_id: int, values: Mapping[str, FieldValue | None]) -> None:
    """Give fields of a ticket values in somebody's transaction; None takes a value away.

    Raises LookupError for a field that no active plugin declares, TypeError for another kind of value.
    """
    session = unit.session
    declared = {each.name: each for each in _declared()}
    # One at a time: two people who fill the same field at once would both insert it.
    ticket = session.get_one(Ticket, ticket_id, with_for_update=True)
    before = values_of(session, ticket_id)
    changed = {name: value for name, value in values.items() if before.get(name) != value}
    for name, value in changed.items():
        if name not in declared:
            raise LookupError(f"No active plugin declares the ticket field {name!r}.")
        _store(session, ticket_id, declared[name], value)
        unit.record(
            events.TicketFieldChanged(
                ticket_id=ticket_id,
                mailbox_id=ticket.mailbox_id,
                field=name,
                label=declared[name].label,
                before=plain(before.get(name)),
                after=plain(value),
            )
        )
    if changed:
        search.index_ticket(session, ticket)


def plain(value: FieldValue | None) -> str:
    """Write a value as forms and the index have it, the same in every language."""
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return str(value) if value is not None else ""


def _declared() -> list[TicketField]:
    declared = (owned.item for owned in plugins().registry.ticket_fields.all())
    return sorted(declared, key=lambda each: (each.order, each.name))


def _id(name: str) -> str:
    return f"field-{name.replace('.', '-')}"


def _rows(session: Session, statement: Any) -> Sequence[Any]:  # noqa: ANN401  a select of any columns
    return session.execute(statement).all()


def _store(session: Session, ticket_id: int, field: TicketField, value: FieldValue | None) -> None:
    field_id = _field_id(session, field)
    held = session.get(TicketFieldValue, (ticket_id, field_id))
    if value is None:
        if held is not None:
            session.delete(held)
        return
    if not isinstance(value, _TYPES[field.kind]):
        raise TypeError(f"The ticket field {field.name!r} holds {field.kind}, not {value!r}.")
    if held is None:
        held = TicketFieldValue(ticket_id=ticket_id, field_id=field_id)
        session.add(held)
    held.text_value = held.number_value = held.date_value = None
    setattr(held, _COLUMNS[field.kind], value)


def _field_id(session: Session, field: TicketField) -> int:
    """Return the id of a field's row, which is made when it holds its first value."""
    statement = select(FieldRow.id).where(FieldRow.key == field.name)
    known = session.scalar(statement)
    if known is not None:
        return known
    made = insert_into(session, FieldRow).values(
        key=field.name, label=field.label, labels={}, kind=field.kind, position=0
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["key"]))
    return session.scalars(statement).one()


def _text(_field: TicketField, typed: str) -> str:
    if len(typed) > LONGEST:
        raise ValueError(_("Enter at most %(count)d characters.", count=LONGEST))
    return typed


def _number(_field: TicketField, typed: str) -> float:
    try:
        number = float(typed.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace(",", "."))
    except ValueError:
        number = math.nan
    if not abs(number) < LARGEST:
        raise ValueError(_("Enter a number, for example 12.5."))
    return number


def _day(_field: TicketField, typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise ValueError(_("Enter a day as year-month-day, for example 2026-01-31.")) from None


def _option(field: TicketField, typed: str) -> str:
    if typed not in field.options:
        raise ValueError(_("Choose one of the values listed."))
    return typed


_READERS: dict[str, Callable[[TicketField, str], FieldValue]] = {
    "text": _text,
    "number": _number,
    "date": _day,
    "option": _option,
}
