"""What happens before the desk serves: the schema is brought up to date, and set-up gets its code.

Runs in a process of its own, so that neither the parent nor its children keep a connection or the
migration library in memory. No plugin is loaded here.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.policy import default as default_policy

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import Session

from deskcore import __version__
from deskcore import db as database
from deskcore.app import create_app
from deskcore.config import Config
from deskcore.errors import Unavailable
from deskcore.extensions import db
from deskcore.plugin.choice import Choice
from deskcore.plugin.discovery import discover
from deskcore.plugin.loader import BOOT, DROPPED
from deskcore.plugin.recovery import is_safe_mode
from deskcore.services import plugin_records
from deskcore.services.setup import ensure_setup_code

# Any number will do, as long as nothing else in this database uses it.
_MIGRATOR_LOCK = 7_306_101


class NewerSchema(Unavailable):
    """The database belongs to a newer version of the desk."""

    exit_code = os.EX_DATAERR


def without_plugins(config: Config) -> Config:
    """Return the configuration for work that needs no plugin and must not depend on any."""
    return config.model_copy(update={"safe_mode": True})


def upgrade_database(config: Config) -> None:
    """Bring the schema to this version's; one process at a time, all of it or nothing.

    Raises NewerSchema, with nothing changed, when the database is ahead of this version, and
    Unavailable when it cannot be reached.
    """
    # Alembic is needed here only; serving processes must not carry it.
    from alembic.util import CommandError  # noqa: PLC0415  said above

    from deskcore.plugin import migrations  # noqa: PLC0415  said above

    engine = create_engine(config.database, hide_parameters=True)
    database.prepare_engine(engine)
    try:
        with only_migrator(engine):
            core = migrations.core()
            try:
                migrations.bring_up(engine, core)
            except CommandError as error:
                raise NewerSchema(
                    "The database was upgraded by a newer version of the desk; this one has left "
                    "it as it is. Start that version, or restore a backup."
                ) from error
            _bring_up_plugins(engine, config)
    except DatabaseError as error:
        # SQLite's own for a file that is none; every other kind of it is a mistake of ours.
        if type(error) not in {OperationalError, DatabaseError}:
            raise
        raise Unavailable(f"The database cannot be used: {_first_line(error)}") from error
    finally:
        engine.dispose()


def _bring_up_plugins(engine: Engine, config: Config) -> None:
    """Bring the tables of the active plugins up to date and remember their versions."""
    from deskcore.plugin import migrations  # noqa: PLC0415  as above

    if is_safe_mode(config.instance, configured=config.safe_mode):
        return
    writing = engine.execution_options(**{database.WRITING: True})
    with Session(writing) as session:
        choice = Choice(configured=config.plugins, kept=plugin_records.kept(session))
    wanted = [found for found in discover(config.instance / DROPPED) if choice.wants(found)]
    ready = migrations.bring_up_plugins(engine, config.instance / BOOT, wanted)
    if not choice.is_fixed:
        with Session(writing) as session, session.begin():
            plugin_records.met(session, [found for found in ready if found.manifest])


def require_schema() -> None:
    """Refuse (Unavailable) to work on a database that is not of this version."""
    from deskcore.plugin import migrations  # noqa: PLC0415  as above

    migrations.check(db.engine, migrations.core())


def prepare(config: Config, address: str) -> None:
    """Make the database ready and greet whoever started the desk."""
    upgrade_database(config)
    if not has_header_check():
        say(
            f"Warning: Python {platform.python_version()} lacks a check against forged mail "
            "headers (CVE-2024-6923). The desk checks by itself; please update Python."
        )
    if not address:
        return
    with create_app(without_plugins(config), has_pages=False).app_context():
        code = ensure_setup_code()
    say(f"Deskcore {__version__}")
    say(f"  Address:      {address}")
    if code is not None:
        say(f"  Set-up code:  {code}")
        say("  Open the address and type the code to make the first account.")


def has_header_check() -> bool:
    """Whether this Python refuses headers that would break out of their line (CVE-2024-6923)."""
    return hasattr(default_policy, "verify_generated_headers")


def say(line: str) -> None:
    """Write a line for the person at the terminal; logs go elsewhere."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def only_migrator(engine: Engine) -> Iterator[None]:
    """Keep every other migrating process out; on SQLite the writing transaction does."""
    if engine.dialect.name == "sqlite":
        yield
        return
    with engine.connect() as connection:
        lock = {"lock": _MIGRATOR_LOCK}
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), lock)
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(:lock)"), lock)


def _first_line(error: DatabaseError) -> str:
    return str(error.orig).strip().partition("\n")[0]
