"""What stands in the database, so that an effect nobody meant can be seen, and taken back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.orm import Session

from deskcore.db import Base
from deskcore.services.unit import reading
from plugins.spam.tables import BANS

Cell = tuple[str, tuple[object, ...], str]
_Keyed = dict[tuple[object, ...], dict[str, object]]
# Written on every visit, whatever it asks for.
_OF_VISITS = {"user_session", "sign_in_attempt", "search_document", "audit_entry", "form_key"}


@dataclass(frozen=True, kw_only=True)
class Rows:
    """All rows by table and key."""

    tables: dict[str, _Keyed]

    def changed_since(self, before: Rows) -> tuple[set[Cell], set[str]]:
        """Return the cells of old rows that changed or went, and the tables with new rows."""
        cells: set[Cell] = set()
        grown: set[str] = set()
        for table, rows in self.tables.items():
            earlier = before.tables[table]
            if rows.keys() - earlier.keys():
                grown.add(table)
            for key, row in earlier.items():
                now = rows.get(key)
                cells |= {
                    (table, key, name)
                    for name, value in row.items()
                    if not now or now[name] != value
                }
        return cells, grown

    def put_back(self, engine: Engine, *, only: Collection[str] = ()) -> Rows:
        """Make the database what it was and return what it had become; *engine* is not the desk's."""
        found = {}
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                # Rows may refer to each other in circles: ask nothing until all are there.
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            for table in _tables():
                if not only or table.name in only:
                    found[table.name] = _of(connection, table)
                    _put_back(connection, table, self.tables[table.name], found[table.name])
        return Rows(tables=found)


def rows() -> Rows:
    """Read every table of the core, and the bans."""
    with reading() as session:
        return Rows(tables={table.name: _of(session, table) for table in _tables()})


def _tables() -> list[Table]:
    of_core = [table for table in Base.metadata.sorted_tables if table.name not in _OF_VISITS]
    return [*of_core, BANS]


def _of(session: Session | Connection, table: Table) -> _Keyed:
    found = session.execute(select(*table.columns)).mappings()
    keys = [column.name for column in table.primary_key.columns]
    return {tuple(row[key] for key in keys): dict(row) for row in found}


def _put_back(connection: Connection, table: Table, earlier: _Keyed, present: _Keyed) -> None:
    if present == earlier:
        return
    for key in present.keys() - earlier.keys():
        connection.execute(delete(table).where(*_is(table, key)))
    for key, row in earlier.items():
        if key not in present:
            connection.execute(insert(table).values(**row))
        elif present[key] != row:
            connection.execute(update(table).where(*_is(table, key)).values(**row))


def _is(table: Table, key: tuple[object, ...]) -> list[ColumnElement[bool]]:
    return [column == part for column, part in zip(table.primary_key.columns, key, strict=True)]
