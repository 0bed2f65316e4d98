"""Further fields of tickets: plugins declare them, the desk keeps, shows and finds their values.

What is stored stays while the plugin is inactive; it is not shown then. A page of a plugin for
customers gives the tickets that are opened there fields of its owner's own, which the desk knows by
their rows: they are shown where they hold something.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select
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
_STORED = (  # made once: every page of a ticket asks it
    select(
        TicketFieldValue.ticket_id,
        FieldRow.key,
        FieldRow.label,
        FieldRow.kind,
        TicketFieldValue.text_value,
        TicketFieldValue.number_value,
        TicketFieldValue.date_value,
    )
    .join(FieldRow, FieldRow.id == TicketFieldValue.field_id)
    .where(TicketFieldValue.ticket_id.in_(bindparam("ids", expanding=True)))
    .order_by(FieldRow.id)
)
_TYPES: dict[str, type] = {"text": str, "option": str, "number": float, "date": date}


class FieldLine(NamedTuple):
    """A field of one ticket; ``id`` names it in forms, ``typed`` is its value as a form has it."""

    id: str
    field: TicketField
    value: FieldValue | None
    typed: str


def lines(ticket_id: int) -> tuple[FieldLine, ...]:
    """Return the fields of a ticket that was read, in their order; asks nothing without any declared."""
    declared = _declared()
    if not declared:
        return ()
    with reading() as session:
        found = _stored(session, [ticket_id])
    stored = {field.name: value for _ticket_id, field, value in found}
    known = {each.name for each in declared}
    declared += [each for _of, each, _held in found if each.name not in known and _is_here(each)]
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
    return values_of_several(session, [ticket_id]).get(ticket_id, {})


def values_of_several(
    session: Session, ticket_ids: Collection[int]
) -> dict[int, dict[str, FieldValue]]:
    """Return the same of several tickets, by their ids; those of which no field is filled are missing."""
    found: dict[int, dict[str, FieldValue]] = {}
    for ticket_id, field, value in _stored(session, ticket_ids):
        found.setdefault(ticket_id, {})[field.name] = value
    return found


def _stored(
    session: Session, ticket_ids: Collection[int]
) -> list[tuple[int, TicketField, FieldValue]]:
    found = (
        (
            ticket_id,
            TicketField(name=key, label=label, kind=kind),
            next((v for v in held if v is not None), None),
        )
        for ticket_id, key, label, kind, *held in _rows(session, _STORED, ids=list(ticket_ids))
    )
    return [(ticket_id, field, value) for ticket_id, field, value in found if value is not None]


def _is_here(field: TicketField) -> bool:
    """Whether the plugin that a field belongs to is active."""
    return field.name.partition(".")[0] in plugins().manifests


def _of_pages(names: Collection[str], session: Session) -> list[TicketField]:
    """Return the fields that pages of active plugins gave to tickets, of those *names*."""
    if not names:
        return []
    rows = _rows(session, select(FieldRow.key, FieldRow.label, FieldRow.kind))
    fields = (TicketField(name=key, label=label, kind=kind) for key, label, kind in rows)
    return [each for each in fields if each.name in names and _is_here(each)]


def typed_values(form: Mapping[str, str]) -> dict[str, FieldValue | None]:
    """Read the fields of a form; raises Invalid with everything that is wrong."""
    values: dict[str, FieldValue | None] = {}
    problems: list[Problem] = []
    for each in _typed(form):
        try:
            values[each.name] = read(each, form[_id(each.name)])
        except ValueError as error:
            problems.append(Problem(field=_id(each.name), message=str(error)))
    if problems:
        raise Invalid(problems)
    return values


def read(field: TicketField, typed: str) -> FieldValue | None:
    """Read a value as forms have it, None for nothing; raises ValueError in words."""
    return _READERS[field.kind](field, typed.strip()) if typed.strip() else None


def _typed(form: Mapping[str, str]) -> list[TicketField]:
    """Return the fields that a form has."""
    declared = {_id(each.name): each for each in _declared()}
    strange = {name for name in form if name.startswith("field-") and name not in declared}
    found = [each for name, each in declared.items() if name in form]
    if not strange:
        return found
    with reading() as session:
        keys = {key for key in session.scalars(select(FieldRow.key)) if _id(key) in strange}
        return found + _of_pages(keys, session)


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
    declared = {each.name: each for each in _declared()}
    strange = [name for name in values if name not in declared]
    declared |= {each.name: each for each in _of_pages(strange, unit.session)}
    # One at a time: two people who fill the same field at once would both insert it.
    keep(unit, unit.session.get_one(Ticket, ticket_id, with_for_update=True), declared, values)


def keep(
    unit: Unit,
    ticket: Ticket,
    declared: Mapping[str, TicketField],
    values: Mapping[str, FieldValue | None],
) -> None:
    """Give fields of a ticket, *declared* by name, values; raises as ``set_fields``."""
    session, ticket_id = unit.session, ticket.id
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


def _rows(session: Session, statement: Any, **values: object) -> Sequence[Any]:  # noqa: ANN401  a select of any columns
    return session.execute(statement, values).all()


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
    statement = select(FieldRow).where(FieldRow.key == field.name)
    known = session.scalar(statement)
    if known is not None:
        known.label = field.label  # its owner may have found a better word
        return known.id
    made = insert_into(session, FieldRow).values(
        key=field.name, label=field.label, labels={}, kind=field.kind, position=0
    )
    session.execute(made.on_conflict_do_nothing(index_elements=["key"]))
    return session.scalars(statement).one().id


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
