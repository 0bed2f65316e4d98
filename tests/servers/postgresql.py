"""PostgreSQL as Debian ships it: one cluster a run, a fresh database a test.

``fsync`` is off: the tests that kill processes kill the desk's, never the server's.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

import psycopg

from tests.servers import rundir
from tests.servers.processes import free_ports, run, spawn, wait_until

USER = "desk"
SYSTEM_USER = "postgres"
HARNESS = "test-harness"
CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
max_connections = 300
shared_buffers = 128MB
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum_naptime = 10s
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
logging_collector = off
log_line_prefix = '%m [%p] %a@%d '
log_connections = on
log_statement = all
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""
_databases = count()


@dataclass(frozen=True, kw_only=True)
class PostgreSQL(rundir.Server):
    """The running database server; sign-in needs no password."""

    port: int
    host: str = "127.0.0.1"

    def url(self, database: str) -> str:
        """Return the SQLAlchemy URL of *database*."""
        return f"postgresql+psycopg://{USER}@{self.host}:{self.port}/{database}"

    def create(self, *, template: str = "template0") -> str:
        """Make a database of its own name from *template*; return the name."""
        name = f"test_{os.getpid()}_{next(_databases)}"
        with _harness(self.host, self.port) as connection:
            # Half the work for a small database; before version 15 there is no other way.
            how = " STRATEGY file_copy" if connection.info.server_version >= 150_000 else ""
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"{how}'.encode())
        return name

    def drop(self, database: str) -> None:
        """Remove *database*, with whoever is still connected to it."""
        self.administer(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def template(self, name: str, fill: Callable[[str], None]) -> str:
        """Make the database *name* once a run, filled by *fill*, which gets its URL."""
        run_folder = rundir.current()
        made = run_folder / f"template-{name}"
        with rundir.locked(run_folder / f"template-{name}.lock"):
            if not made.exists():
                self.drop(name)
                self.administer(f'CREATE DATABASE "{name}" TEMPLATE template0')
                fill(self.url(name))
                made.touch()
        return name

    def administer(self, statement: str) -> None:
        """Run one statement of the harness's own; the ledger leaves it out."""
        with _harness(self.host, self.port) as connection:
            connection.execute(statement.encode())


def start(folder: Path) -> PostgreSQL:
    """Start a new cluster in *folder*; wait until it answers."""
    [port] = free_ports(1)
    data = folder / "data"
    programs = _programs()
    if os.geteuid() == 0:
        run(["chown", SYSTEM_USER, str(folder)])
    run(
        [
            f"{programs}/initdb",
            f"--pgdata={data}",
            f"--username={USER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ],
        user=SYSTEM_USER,
    )
    with (data / "postgresql.conf").open("a") as configuration:
        configuration.write(CONFIGURATION.format(port=port, folder=folder))
    log = folder / "postgresql.log"
    pid = _launch(folder, port)
    return PostgreSQL(pid=pid, log_file=str(log), log_start=log.stat().st_size, port=port)


def start_again(folder: Path, ended: PostgreSQL) -> PostgreSQL:
    """Start the cluster in *folder* again after it *ended*, on the same port."""
    return replace(ended, pid=_launch(folder, ended.port))


def _launch(folder: Path, port: int) -> int:
    log = folder / "postgresql.log"
    program = [f"{_programs()}/postgres", "-D", str(folder / "data")]
    pid = spawn(program, output=log, user=SYSTEM_USER)
    wait_until(lambda: _answers(port), what="PostgreSQL answers", log=log)
    return pid


def _programs() -> Path:
    found = Path("/usr/lib/postgresql").glob("*/bin")
    return max(found, key=lambda path: int(path.parent.name))


def _answers(port: int) -> bool:
    try:
        with _harness("127.0.0.1", port) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def _harness(host: str, port: int) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=host,
        port=port,
        user=USER,
        dbname="postgres",
        application_name=HARNESS,
        autocommit=True,
    )
