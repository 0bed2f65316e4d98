"""Every row of a database: read whole, compared, and brought back to how it was."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from deskcore.db import Base

# GET changes nothing but these, by decision 38: idle time, what was refused, faults of plugins.
EXEMPT_COLUMNS = {
    "user_session": {"last_seen_at"},
    "channel_account": {"refused_count", "refused_at"},
}
EXEMPT_ACTIONS = {"access.refused"}
EXEMPT_TABLES = {"plugin_fault", "theme_fault"}
_SYSTEM = {"sqlite_sequence", "sqlite_stat1"}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One row that came, went or differs; ``columns`` are those that differ."""

    table: str
    kind: str
    columns: frozenset[str] = frozenset()
    values: tuple[tuple[str, str], ...] = field(default=(), compare=False)


@dataclass(frozen=True, kw_only=True)
class Table:
    """All rows of one table as the driver gave them."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]

    def by_key(self, name: str) -> dict[str, dict[str, str]]:
        """Return the rows as words, by primary key, without what GET may change."""
        table = Base.metadata.tables.get(name)
        keys = [column.name for column in table.primary_key] if table is not None else []
        skipped = EXEMPT_COLUMNS.get(name, set())
        found = {}
        for values in self.rows:
            is_json = self.columns == ("json",)
            pairs = (
                json.loads(values[0]).items() if is_json else zip(self.columns, values, strict=True)
            )
            row = {column: str(value) for column, value in pairs}
            if row.get("action") in EXEMPT_ACTIONS:
                continue
            key = "/".join(row[key] for key in keys or row)
            found[key] = {column: value for column, value in row.items() if column not in skipped}
        return found


Rows = dict[str, Table]


@dataclass(kw_only=True)
class Store:
    """The rows of one database of either kind."""

    engine: Engine
    pristine: Path
    _watch: sqlite3.Connection | None = None

    def read(self) -> Rows:
        """Return all rows of all tables."""
        with self.engine.connect() as connection:
            driver = connection.connection.cursor()
            found = self._read(driver)
            driver.close()
        return found

    def _read(self, driver: Any) -> Rows:
        if self.engine.dialect.name == "sqlite":
            found = {}
            for name in self.tables:
                driver.execute(f'SELECT * FROM "{name}" ORDER BY 1')  # noqa: S608  a table's own name
                columns = tuple(column[0] for column in driver.description)
                found[name] = Table(columns=columns, rows=list(driver.fetchall()))
            return found
        # One round trip: PostgreSQL is asked for its rows as JSON, all tables together.
        parts = (f"SELECT '{name}', to_jsonb(t)::text FROM \"{name}\" t" for name in self.tables)  # noqa: S608  as above
        driver.execute("SET LOCAL jit = off")  # compiling fifty tables costs more than reading them
        driver.execute(" UNION ALL ".join(parts))
        rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in self.tables}
        for name, row in driver.fetchall():
            rows[name].append((row,))
        return {name: Table(columns=("json",), rows=sorted(rows[name])) for name in rows}

    def keep(self) -> None:
        """Remember how everything is now."""
        if self.engine.dialect.name == "sqlite":
            _copy(str(self.engine.url.database), str(self.pristine))
            return
        with self.engine.begin() as connection:
            connection.execute(text("CREATE SCHEMA pristine"))
            for name in self.tables:
                connection.execute(text(f'CREATE TABLE pristine."{name}" AS TABLE "{name}"'))

    def restore(self, tables: set[str]) -> None:
        """Bring the rows of *tables* back to how they were kept."""
        if self.engine.dialect.name == "sqlite":
            _copy(str(self.pristine), str(self.engine.url.database))
            return
        with self.engine.begin() as connection:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            for name in tables:
                kept = f'INSERT INTO "{name}" SELECT * FROM pristine."{name}"'  # noqa: S608  as above
                connection.execute(text(f'DELETE FROM "{name}"'))  # noqa: S608  as above
                connection.execute(text(kept))

    def stamp(self) -> object:
        """Return what differs once anybody has written anything."""
        if self.engine.dialect.name == "sqlite":
            if self._watch is None:
                self._watch = sqlite3.connect(str(self.engine.url.database))
            return self._watch.execute("PRAGMA data_version").fetchone()
        with self.engine.connect() as connection:
            now = text("SELECT pg_snapshot_xmax(pg_current_snapshot())::text")
            return connection.execute(now).scalar_one()

    def close(self) -> None:
        """Let go of the database."""
        if self._watch is not None:
            self._watch.close()

    @cached_property
    def tables(self) -> list[str]:
        """All tables of the desk."""
        if self.engine.dialect.name == "sqlite":
            every = "SELECT name FROM sqlite_master WHERE type = 'table'"
        else:
            every = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        with self.engine.connect() as connection:
            names = {row[0] for row in connection.execute(text(every))}
        # The shadow tables of FTS5 hold nothing that its documents do not.
        return sorted(
            n for n in names - _SYSTEM - EXEMPT_TABLES if not n.startswith("search_index")
        )


def changes(before: Rows, after: Rows) -> list[Change]:
    """Return what differs, row by row, but for what GET may change."""
    found = []
    for name in before:
        if before[name] == after[name]:
            continue
        old, new = before[name].by_key(name), after[name].by_key(name)
        for key in sorted(old.keys() | new.keys()):
            was, now = old.get(key, {}), new.get(key, {})
            kind = "changed" if was and now else "added" if now else "removed"
            columns = frozenset(c for c in was.keys() | now.keys() if was.get(c) != now.get(c))
            if columns:
                values = tuple(sorted((column, now.get(column, "")) for column in columns))
                found.append(Change(table=name, kind=kind, columns=columns, values=values))
    return found


def _copy(source: str, target: str) -> None:
    with sqlite3.connect(source) as old, sqlite3.connect(target) as new:
        old.backup(new)
    old.close()
    new.close()


# Made anew by every request, or counted on by the database.
_MADE = {
    "token", "key", "external_id", "digest", "public_id", "words", "secrets", "unique_key", "args",
    "data", "body", "password_hash", "previous", "result", "update_at", "seed", "last_step",
    "hook_key", "sealed", "order_key", "content_hash",
}  # fmt: skip


def shape(found: list[Change]) -> list[tuple[str, str, list[str], list[tuple[str, str]]]]:
    """Return what changes have in common when the same is done twice: all but ids and moments."""
    return sorted(
        (
            change.table,
            change.kind,
            sorted(change.columns),
            [(name, value) for name, value in change.values if _is_lasting(name)],
        )
        for change in found
    )


def _is_lasting(name: str) -> bool:
    is_moment = name.endswith(("_at", "_until", "_since")) or name in {"at", "since"}
    return not (is_moment or name in _MADE or name == "id" or name.endswith("_id"))
