"""One moment of the database, copied while the desk goes on working; and brought back.

SQLite: all pages are read inside one reading transaction, so writers are not held up and the copy
never starts over. PostgreSQL: ``pg_dump`` of an exported snapshot, in which the rows are counted
too.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.engine import URL

from deskcore.errors import Unavailable

PAGES = 2048  # copied between two looks at the clock

OnProgress = Callable[[int], None]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """A copied database: the file it is in, and a connection that sees that moment."""

    path: Path
    seen: Connection

    def revision(self) -> str:
        """Return the revision of the core's schema."""
        return str(self.seen.execute(text("SELECT version_num FROM alembic_version_core")).scalar())

    def digests(self) -> list[str]:
        """Return the names of all files the database knows, sorted."""
        return list(self.seen.execute(text("SELECT digest FROM blob ORDER BY digest")).scalars())


def count_rows(connection: Connection) -> dict[str, int]:
    """Count the rows of every table, plugins' tables too."""
    if connection.dialect.name == "sqlite":
        listing = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    else:
        listing = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    names = sorted(connection.execute(text(listing)).scalars())
    quote = connection.dialect.identifier_preparer.quote
    return {
        name: connection.execute(text(f"SELECT count(*) FROM {quote(name)}")).scalar_one()  # noqa: S608  quoted names of the catalogue
        for name in names
    }


@contextmanager
def snapshot(url: str, folder: Path, on_progress: OnProgress) -> Iterator[Snapshot]:
    """Copy the database at *url* into *folder*; *on_progress* is told parts of a thousand."""
    target = folder / "database"
    if make_url(url).get_backend_name() == "sqlite":
        copy_sqlite(sqlite_file(url), target, on_progress)
        with _engine(f"sqlite:///{target}") as engine, engine.connect() as seen:
            yield Snapshot(path=target, seen=seen)
        return
    with _engine(url) as engine, engine.connect() as connection:
        seen = connection.execution_options(isolation_level="REPEATABLE READ")
        name = seen.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        _run(
            ["pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}"],
            make_url(url),
            ["--file", str(target)],
        )
        on_progress(1000)
        yield Snapshot(path=target, seen=seen)


def sqlite_file(url: str) -> Path:
    """Return the file of a SQLite database."""
    return Path(make_url(url).database or "")


def copy_sqlite(source: Path, target: Path, on_progress: OnProgress) -> None:
    """Copy one moment of a SQLite database that others write to."""
    done = 0

    def note(_status: int, remaining: int, total: int) -> None:
        nonlocal done
        share = 1000 * (total - remaining) // max(total, 1)
        on_progress(share - done)
        done = share

    try:
        with (
            closing(sqlite3.connect(source, isolation_level=None)) as reading,
            closing(sqlite3.connect(target, isolation_level=None)) as writing,
        ):
            reading.execute("BEGIN")
            reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
            reading.backup(writing, pages=PAGES, progress=note, sleep=0)
            writing.execute("PRAGMA journal_mode=DELETE")  # so that it is this one file
    except sqlite3.Error as error:
        raise Unavailable(f"The database could not be copied: {error}.") from error


def is_empty(url: str) -> bool:
    """Whether nothing would be overwritten at *url*."""
    if make_url(url).get_backend_name() == "sqlite":
        return not sqlite_file(url).exists()
    with _engine(url) as engine, engine.connect() as connection:
        return not count_rows(connection)


def problems_of_sqlite(path: Path) -> list[str]:
    """Read a whole SQLite file; returns what is wrong with it in SQLite's own words."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        try:
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(20)")]
            loose = connection.execute("PRAGMA foreign_key_check").fetchmany(20)
        except sqlite3.DatabaseError as error:
            return [str(error)]
    return [line for line in found if line != "ok"] + [
        f"a row of {row[0]} points at a row of {row[2]} that is not there" for row in loose
    ]


def check_copy(path: Path, kind: str, tables: Mapping[str, int]) -> None:
    """Read a copied database through; raises Unavailable with what is wrong."""
    if kind == "postgresql":
        _run(["pg_restore", "--list"], None, [str(path)])
        return
    found = problems_of_sqlite(path)
    if found:
        raise Unavailable(f"The database in the backup is damaged: {found[0]}")
    with _engine(f"sqlite:///{path}") as engine, engine.connect() as connection:
        compare(tables, count_rows(connection))


def bring_back(path: Path, url: str, tables: Mapping[str, int]) -> None:
    """Put a copied database where *url* says; there is nothing yet."""
    if make_url(url).get_backend_name() == "sqlite":
        path.replace(sqlite_file(url))
        return
    options = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    _run(["pg_restore", *options], make_url(url), [str(path)])
    with _engine(url) as engine, engine.connect() as connection:
        compare(tables, count_rows(connection))


def compare(wanted: Mapping[str, int], found: Mapping[str, int]) -> None:
    """Raise Unavailable unless the rows of every table are as many as the backup says."""
    for name in sorted({*wanted, *found}):
        if wanted.get(name) != found.get(name):
            rows = f"{found.get(name, 'no')} rows instead of {wanted.get(name, 'none')}"
            raise Unavailable(f"The database in the backup is not whole: {name} has {rows}.")


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = create_engine(url, hide_parameters=True)
    try:
        yield engine
    finally:
        engine.dispose()


def _run(command: list[str], url: URL | None, last: list[str]) -> None:
    """Run a program of PostgreSQL's; its password goes by the environment, not the command."""
    if shutil.which(command[0]) is None:
        raise Unavailable(
            f"{command[0]} is needed for this and is not installed. "
            "On Debian and Ubuntu: apt-get install postgresql-client"
        )
    environment = dict(os.environ)
    where: list[str] = []
    if url is not None:
        plain = url.set(drivername="postgresql", password=None)
        where = [f"--dbname={plain.render_as_string()}"]
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
    ended = subprocess.run(
        [*command, *where, *last], env=environment, capture_output=True, text=True, check=False
    )
    if ended.returncode:
        said = ended.stderr.strip().splitlines() or [f"it ended with {ended.returncode}"]
        raise Unavailable(f"{command[0]} failed: {said[0]}")
