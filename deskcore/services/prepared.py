"""Statements that are built once and run often: compiled once, and run past the library's care.

The library works out at every run what it worked out at the last one: which text, which values in
which order, how each column is read. For the small statements of a page that takes several times as
long as the database does. Here it is asked once for each statement, and for each length of a list
among its values.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Executable, SelectBase
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Found = Any  # a row: a named tuple of the statement's columns


def light(
    session: Session,
    statement: SelectBase,
    values: Mapping[str, object] | None = None,
    *,
    into: Callable[..., Any] | None = None,
) -> list[Found]:
    """Run a statement that is kept by whoever asks; rows are named tuples of plain values.

    *values* are those of its parameters; a list is one for an expanding parameter. *into* makes
    something else of each row; it is given its values by place.
    """
    values = values or {}
    connection = session.connection()
    lengths = tuple((name, len(v)) for name, v in values.items() if isinstance(v, list | tuple))
    return _plan(statement, connection.dialect, lengths).run(connection, values, into)


def direct(
    session: Session, statement: Executable, values: Mapping[str, object] | None = None
) -> CursorResult[Any]:
    """Execute a statement past the object mapper only: one that writes, or is made for one time."""
    return session.connection().execute(statement, values or {})


@dataclass(frozen=True, kw_only=True)
class _Value:
    """Where a value of the statement's text comes from: from a parameter, or it stands there."""

    name: str
    parameter: str = ""
    place: int = -1
    constant: object = None
    convert: Callable[[Any], Any] | None = None

    def of(self, values: Mapping[str, Any]) -> object:
        if not self.parameter:
            return self.constant
        value = values[self.parameter]
        if self.place >= 0:
            value = value[self.place]
        return self.convert(value) if self.convert else value


@dataclass(frozen=True, kw_only=True)
class _Plan:
    """A compiled statement: its text, where its values come from, how its columns are read."""

    text: str
    values: tuple[_Value, ...]
    is_positional: bool
    row: Any
    conversions: tuple[tuple[int, Callable[[Any], Any]], ...]

    def run(
        self,
        connection: Connection,
        values: Mapping[str, object],
        into: Callable[..., Any] | None,
    ) -> list[Found]:
        given: Any
        if self.is_positional:
            given = tuple(value.of(values) for value in self.values)
        else:
            given = {value.name: value.of(values) for value in self.values}
        rows = connection.exec_driver_sql(self.text, given).fetchall()
        if not rows:
            return []
        columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
        for at, convert in self.conversions:
            columns[at] = [convert(value) for value in columns[at]]
        return list(map(into or self.row, *columns))


@lru_cache(maxsize=512)
def _plan(statement: SelectBase, dialect: Dialect, lengths: tuple[tuple[str, int], ...]) -> _Plan:
    compiled = statement.compile(dialect=dialect)
    lists = {name: [None] * length for name, length in lengths}
    asked = {name: lists.get(name) for name, bind in compiled.binds.items() if bind.required}
    state = compiled.construct_expanded_state(asked)
    places = {
        expanded: (parameter, place)
        for parameter, names in state.parameter_expansion.items()
        if parameter in asked
        for place, expanded in enumerate(names)
    } | {name: (name, -1) for name in asked if name not in lists}
    names = state.positiontup if compiled.positional else list(state.parameters)
    columns = list(statement.selected_columns)
    readers = [_side(column, dialect).result_processor(dialect, None) for column in columns]
    return _Plan(
        text=state.statement,
        values=tuple(_value(name, places, state.parameters, compiled) for name in names or ()),
        is_positional=compiled.positional,
        row=namedtuple("Row", [column.key or "" for column in columns], rename=True),  # noqa: PYI024  its fields are known now
        conversions=tuple((at, reader) for at, reader in enumerate(readers) if reader),
    )


def _value(
    name: str,
    places: Mapping[str, tuple[str, int]],
    constants: Mapping[str, object],
    compiled: SQLCompiler,
) -> _Value:
    if name not in places:
        return _Value(name=name, constant=constants[name])
    parameter, place = places[name]
    convert = _side(compiled.binds[parameter], compiled.dialect).bind_processor(compiled.dialect)
    return _Value(name=name, parameter=parameter, place=place, convert=convert)


def _side(element: Any, dialect: Dialect) -> TypeEngine[Any]:  # noqa: ANN401  a column or a parameter
    """Return how the values of an element are written and read in this database."""
    found: TypeEngine[Any] = element.type.dialect_impl(dialect)
    return found
