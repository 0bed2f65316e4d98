"""Putting many rows into a table at once, as fast as either database takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import ARRAY, Insert, Table, bindparam, func, insert, select
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


def from_lists(made: Insert, table: Table, rows: Sequence[Mapping[str, object]]) -> Insert:
    """Have PostgreSQL make rows of lists, one for each column.

    A statement for each row costs it ten times as much, and so does one with as many parameters.
    """
    lists = [
        func.unnest(
            bindparam(
                f"all_{name}",
                [row[name] for row in rows],
                type_=ARRAY(table.c[name].type, dimensions=1),
            )
        )
        for name in rows[0]
    ]
    return made.from_select(list(rows[0]), select(*lists))
