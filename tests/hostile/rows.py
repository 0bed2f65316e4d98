"""What stands in the database, so that an effect nobody meant can be seen."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from deskcore.db import Base
from deskcore.services.unit import reading

Cell = tuple[str, tuple[object, ...], str]
# Written on every visit, whatever it asks for.
_OF_VISITS = {"user_session", "sign_in_attempt", "search_document", "audit_entry", "form_key"}


@dataclass(frozen=True, kw_only=True)
class Rows:
    """All rows by table and key."""

    tables: dict[str, dict[tuple[object, ...], dict[str, object]]]

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


def rows() -> Rows:
    """Read every table of the core."""
    with reading() as session:
        return Rows(
            tables={
                table.name: _of(session, table)
                for table in Base.metadata.sorted_tables
                if table.name not in _OF_VISITS
            }
        )


def _of(session: Session, table: Table) -> dict[tuple[object, ...], dict[str, object]]:
    found = session.execute(select(*table.columns)).mappings()
    keys = [column.name for column in table.primary_key.columns]
    return {tuple(row[key] for key in keys): dict(row) for row in found}
