"""New rows, written at once by statements made once.

A flush looks through the whole session, sorts what it finds and builds its statements anew. That is
fine for what a person does now and then, and most of the work of taking in a mail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import Column, FromClause, Insert, Table, insert
from sqlalchemy.orm import Session, class_mapper, make_transient_to_detached

from deskcore.db import Base
from deskcore.services.prepared import direct

R = TypeVar("R", bound=Base)


@dataclass(frozen=True, kw_only=True)
class _Way:
    """How rows of one model are written: the statement, and a maker of each column's default."""

    statement: Insert
    defaults: dict[str, Callable[[], object]]
    given_by_database: str


def put(session: Session, row: R) -> R:
    """Insert a new *row* and return it as if it had been flushed: with its id, all of it loaded.

    What was changed on other rows is not flushed.
    """
    way = _way(type(row))
    values = _filled(row, way)
    written = direct(session, way.statement, {name: values[name] for name in way.defaults})
    if way.given_by_database:
        # Drivers differ in how they tell, and the library knows how each of them does.
        (values[way.given_by_database],) = written.inserted_primary_key or (None,)
    return _known(session, row)


def known(session: Session, row: R) -> R:
    """Take a new *row* that another statement has inserted, id and all, as if it had been read."""
    _filled(row, _way(type(row)))
    return _known(session, row)


def _filled(row: Base, way: _Way) -> dict[str, object]:
    values = vars(row)
    for name, default in way.defaults.items():
        if name not in values:
            values[name] = default()
    return values


def _known(session: Session, row: R) -> R:
    make_transient_to_detached(row)
    session.add(row)
    return row


@lru_cache(maxsize=128)
def _way(model: type[Base]) -> _Way:
    table = class_mapper(model).local_table
    columns: dict[str, Column[Any]] = {column.key: column for column in table.c}  # type: ignore[misc]  # a table has no other kind
    given = next((name for name, column in columns.items() if _is_given(table, column)), "")
    return _Way(
        statement=insert(model),
        defaults={name: _default(column) for name, column in columns.items() if name != given},
        given_by_database=given,
    )


def _is_given(table: FromClause, column: Column[Any]) -> bool:
    return isinstance(table, Table) and column is table.autoincrement_column


def _default(column: Column[Any]) -> Callable[[], object]:
    default = column.default
    if default is None:
        return lambda: None
    value = default.arg  # type: ignore[attr-defined]  # a plain value or a callable, not SQL
    return (lambda: value(None)) if callable(value) else (lambda: value)
