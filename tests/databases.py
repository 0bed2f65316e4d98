"""A migrated database per test, copied from one that was migrated once; and a desk on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

import deskcore.models  # noqa: F401 - the migrations need every table in the metadata
from deskcore import db as database
from deskcore.app import create_app
from deskcore.config import Config, load_config
from deskcore.db import prepare_engine
from deskcore.extensions import db
from deskcore.plugin.discovery import discover
from deskcore.plugin.migrations import core, of_plugin, upgrade
from tests.servers import rundir
from tests.servers.postgresql import PostgreSQL

# Statements are compiled once in a run of tests, not once in each test's engine: for that the
# dialects of one kind, which are set up alike here, have to be the same key.
_COMPILED = LRUCache[Any, Any](5000)
for _kind in (SQLiteDialect_pysqlite, PGDialect_psycopg):
    setattr(_kind, "__eq__", lambda one, other: type(one) is type(other))  # noqa: B010  mypy knows no class that changes
    setattr(_kind, "__hash__", lambda one: hash(type(one)))  # noqa: B010  as above


@pytest.fixture(scope="session", autouse=True)
def _compiled_once() -> Iterator[None]:
    """Let every desk of this process know what others have compiled, those of the kit as well."""

    def prepare(engine: Engine, **options: Any) -> None:
        prepare_engine(engine, **options)
        engine.update_execution_options(compiled_cache=_COMPILED)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "prepare_engine", prepare)
        yield


BOTH = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgresql)]


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of a fresh, migrated database: the test runs once on each kind.

    ``-m 'not postgresql'`` leaves the second out while working.
    """
    name = "sqlite_url" if request.param == "sqlite" else "pg_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """Give the URL of a fresh, migrated SQLite file."""
    return copy_sqlite(tmp_path / "desk.db")


@pytest.fixture
def pg_url(postgresql: PostgreSQL) -> Iterator[str]:
    """Give the URL of a fresh, migrated PostgreSQL database, dropped after the test."""
    with copied_postgresql(postgresql) as url:
        yield url


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    """Give the configuration of a desk of this test's own."""
    return load_config(instance=tmp_path / "instance", database_url=database_url)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """Give a desk without pages on a fresh database, inside its application context."""
    with opened(config, has_pages=False) as desk:
        yield desk


@contextmanager
def opened(config: Config, *, has_pages: bool) -> Iterator[Flask]:
    """Make a desk and stand in its context."""
    desk = create_app(config, has_pages=has_pages)
    with desk.app_context():
        engine = db.engine
        yield desk
    engine.dispose()  # after the context, whose end still writes the faults of plugins


def copy_sqlite(path: Path) -> str:
    """Make a migrated database at *path* and return its URL."""
    run = rundir.current()
    template = run / "template.db"
    with rundir.locked(run / "template.db.lock"):
        if not template.exists():
            _migrate(f"sqlite:///{run / 'unfinished.db'}")
            (run / "unfinished.db").rename(template)
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


@contextmanager
def copied_postgresql(server: PostgreSQL) -> Iterator[str]:
    """Make a migrated database on *server* until the block ends."""
    name = server.create(template=server.template("migrated", _migrate))
    yield server.url(name)
    server.drop(name)


def _migrate(url: str) -> None:
    engine = create_engine(url)
    prepare_engine(engine)
    for component in (core(), *map(of_plugin, discover(Path("no-instance")))):
        if component is not None:
            upgrade(engine, component)
    engine.dispose()
