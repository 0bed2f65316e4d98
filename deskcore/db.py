"""The database: one declarative base, aware times, and SQLite made to keep its promises.

SQLite connections run with ``synchronous=FULL`` (a committed reply must survive a power cut) and
begin writing transactions with ``BEGIN IMMEDIATE``: a deferred one that reads and then writes
fails at once with "database is locked", and no busy timeout helps it.
"""

from __future__ import annotations

import re
import sqlite3
from datetime import UTC, datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Engine, Integer, MetaData, Table, event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPICursor, ExecutionContext
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
WRITING = "desk_writing"
READING = "desk_reading"
# In the ``info`` of an index: of which rows it is. Migrations make it so; said to SQLAlchemy it would
# load what it knows of both databases.
WHERE = "where"
BUSY_TIMEOUT_MS = 10_000
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_PLAIN = frozenset({int, float, bool, bytes, datetime, type(None)})

BigId = BigInteger().with_variant(Integer, "sqlite")


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC time; naive values are refused when written."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times and store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "naive datetime"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back that SQLite does not store."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of every table; names of constraints follow one convention, as batch mode needs."""

    # One registry, not attributes of this class: Flask-SQLAlchemy makes a second base from these.
    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={
            datetime: UTCDateTime(),
            dict[str, object]: JSON(),
            list[str]: JSON(),
        },
    )


def insert_into(session: Session, table: type[Any] | Table) -> sqlite.Insert | postgresql.Insert:
    """Begin an INSERT that can say what is to be done on a conflict.

    It has ``on_conflict_do_nothing``, ``on_conflict_do_update`` and ``excluded``, which SQLAlchemy
    gives to each database on its own. What it knows of the other one weighs megabytes, so only that
    of the database in use is ever loaded.
    """
    dialect = import_module(f"sqlalchemy.dialects.{session.get_bind().dialect.name}")
    begun: sqlite.Insert | postgresql.Insert = dialect.insert(table)
    return begun


def prepare_engine(engine: Engine, *, cache_kb: int = 16_000) -> None:
    """Attach what this module promises: SQLite's behaviour, and text that any database takes.

    *cache_kb* is what each connection to SQLite may keep of the file.
    """
    event.listen(engine, "before_cursor_execute", _make_storable, retval=True)
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", partial(_set_pragmas, cache_kb))
    event.listen(engine, "begin", _begin)


def _make_storable(
    _connection: Connection,
    _cursor: DBAPICursor,
    statement: str,
    parameters: object,
    _context: ExecutionContext | None,
    _executemany: bool,  # noqa: FBT001  SQLAlchemy calls it by place
) -> tuple[str, object]:
    """Drop NUL and half letters from every value: PostgreSQL refuses them, drivers raise.

    Here, because text comes from forms, addresses, headers, mails, files and plugins alike.
    """
    return statement, storable(parameters)


def storable(value: object) -> object:
    """Return a value as it will be kept: for whoever compares it with what was."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value) if _UNSTORABLE.search(value) else value
    if isinstance(value, dict):
        return {name: storable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [storable(one) for one in value]
    if isinstance(value, tuple):
        # Every statement passes here, and most of what it carries is no text.
        return tuple([one if type(one) in _PLAIN else storable(one) for one in value])
    return value


def _set_pragmas(
    cache_kb: int, connection: sqlite3.Connection, _record: ConnectionPoolEntry
) -> None:
    # The driver's own transaction handling begins late and breaks SAVEPOINT; we begin ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"cache_size=-{cache_kb}",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    # These cannot fail, and the library's care for a statement costs more than they do.
    execute = connection.connection.driver_connection.execute  # type: ignore[union-attr]  # a live SQLite connection
    is_reading = bool(options.get(READING, False))
    if connection.info.get(READING, False) != is_reading:
        # A connection goes from hand to hand; who only reads must not be able to write.
        execute(f"PRAGMA query_only={int(is_reading)}")
        connection.info[READING] = is_reading
    if options.get(WRITING, False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        execute("BEGIN")
