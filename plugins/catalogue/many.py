"""Many rows put into a table at once, or found by many keys, as fast as either database does it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Insert,
    Table,
    bindparam,
    cast,
    func,
    insert,
    select,
)
from sqlalchemy.orm import Session


def put(session: Session, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Insert rows, all with the same columns; none is fine."""
    put_by(session, insert(table), table, rows)


def put_by(
    session: Session, made: Insert, table: Table, rows: Sequence[Mapping[str, object]]
) -> None:
    """Do so by a statement that says what is to be done on a conflict."""
    if rows and session.get_bind().dialect.name == "sqlite":
        session.execute(made, list(rows))
    elif rows:
        session.execute(from_lists(made, table, rows))


def among(session: Session, column: Column[Any], keys: Collection[object]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of many keys.

    PostgreSQL gets a list and makes rows of it. Of many parameters it would make one plan for all
    batches when the tables are still small, and compare each row with each parameter for ever after.
    """
    if session.get_bind().dialect.name == "sqlite":
        return column.in_(keys)
    rows = bindparam(None, list(keys), type_=ARRAY(column.type, dimensions=1), unique=True)
    return column.in_(select(func.unnest(rows)))


def from_lists(made: Insert, table: Table, rows: Sequence[Mapping[str, object]]) -> Insert:
    """Have PostgreSQL make rows of lists, one for each column; what is the same in all is said once.

    A statement for each row costs it ten times as much, and so does one with as many parameters.
    """
    first, names = rows[0], list(rows[0])
    parts: list[ColumnElement[Any]] = []
    for name in names:
        values, kind = [row[name] for row in rows], table.c[name].type
        # One column has to be a list, or there would be one row whatever is to be put.
        if name != names[0] and all(value == first[name] for value in values):
            parts.append(cast(bindparam(f"each_{name}", first[name], type_=kind), kind))
        else:
            of_all = ARRAY(kind, dimensions=1)
            parts.append(func.unnest(bindparam(f"all_{name}", values, type_=of_all)))
    return made.from_select(names, select(*parts))
