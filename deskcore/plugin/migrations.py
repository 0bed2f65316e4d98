"""Schema changes of core and of plugins, each with a history and a version table of its own.

Alembic is driven through its API: no ini file, no ``env.py``. A component that is not there is
simply not looked at, so removing a plugin's folder never stops an upgrade of the desk.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData
from sqlalchemy.exc import OperationalError

from deskcore.db import WRITING, Base
from deskcore.errors import Unavailable
from deskcore.plugin.discovery import Found
from deskcore.plugin.recovery import Quarantine

MIGRATIONS = "migrations"  # the place that a plugin is blamed for
# Made by a migration for one database only, so no model declares them.
UNDECLARED = frozenset({"terms", "ix_search_document_terms"})


@dataclass(frozen=True, kw_only=True)
class Component:
    """Something with tables: core, or one plugin (whose tables start with ``plg_<slug>_``)."""

    name: str
    folder: Path
    metadata: MetaData
    tables: frozenset[str]

    @property
    def version_table(self) -> str:
        """The table that holds this component's revision."""
        return f"alembic_version_{self.name}"


def core() -> Component:
    """Return core itself as a component."""
    return Component(
        name="core",
        folder=Path(__file__).resolve().parent.parent / "migrations",
        metadata=Base.metadata,
        tables=frozenset(Base.metadata.tables),
    )


def of_plugin(found: Found) -> Component | None:
    """Return a plugin as a component, without importing it; None when it has no tables."""
    folder = found.folder / "migrations"
    if found.problem or not folder.is_dir():
        return None
    return Component(name=found.slug, folder=folder, metadata=MetaData(), tables=frozenset())


def bring_up(engine: Engine, component: Component) -> None:
    """Bring *component* to the newest revision, unless it is there."""
    if current(engine, component) != head(component):
        upgrade(engine, component)


def bring_up_plugins(engine: Engine, boot: Path, found: Iterable[Found]) -> list[Found]:
    """Bring the tables of plugins up to date; returns those of which they are.

    One that fails at it is left out, not the desk: *boot* is where the reason is written, and it
    goes when the plugin succeeds at a later start.
    """
    quarantine = Quarantine(boot)
    ready = []
    for plugin in found:
        component = of_plugin(plugin)
        try:
            if component is not None:
                bring_up(engine, component)
        except OperationalError:
            raise  # the database, not the plugin
        except Exception as error:
            reason = f"Its tables could not be made or changed: {error}"
            quarantine.add(plugin.slug, MIGRATIONS, reason)
            continue
        blame = quarantine.blames().get(plugin.slug)
        if blame is not None and blame.place == MIGRATIONS:
            quarantine.release(plugin.slug)
        ready.append(plugin)
    return ready


def upgrade(engine: Engine, component: Component, target: str = "head") -> None:
    """Bring *component* to *target*; all of it or nothing of it."""
    _run(engine, component, target, up=True)


def downgrade(engine: Engine, component: Component, target: str = "base") -> None:
    """Take *component* back to *target*."""
    _run(engine, component, target, up=False)


def current(engine: Engine, component: Component) -> str | None:
    """Return the revision the database is at, None before the first."""
    with engine.connect() as connection:
        return _context(connection, component).get_current_revision()


def head(component: Component) -> str | None:
    """Return the newest revision the code knows."""
    return _scripts(component).get_current_head()


def check(engine: Engine, component: Component) -> None:
    """Refuse (Unavailable) a database whose schema is not the one this code was written for."""
    found, wanted = current(engine, component), head(component)
    if found == wanted:
        return
    if found and not knows(component, found):
        message = f"The database was upgraded by a newer desk ({component.name} {found})."
        raise Unavailable(message + " Start that version, or restore a backup.")
    message = f"The database is at {component.name} {found or 'nothing'}, not {wanted}."
    raise Unavailable(message + " Run 'desk db upgrade'.")


def knows(component: Component, revision: str) -> bool:
    """Whether this code can bring a database of *revision* up to date."""
    return revision in {script.revision for script in _scripts(component).walk_revisions()}


def differences(engine: Engine, component: Component) -> Collection[object]:
    """Return what the models say and the migrated schema does not; empty when they agree."""
    with engine.connect() as connection:
        return list(compare_metadata(_context(connection, component), component.metadata))


def _run(engine: Engine, component: Component, target: str, *, up: bool) -> None:
    scripts = _scripts(component)
    with engine.connect().execution_options(**{WRITING: True}) as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            # Batch mode re-creates tables; must be set outside a transaction to have any effect.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]  # a live SQLite connection
        try:
            with connection.begin():
                _migrate(connection, scripts, component, target, up=up)
                if sqlite:
                    _check_foreign_keys(connection)
        finally:
            if sqlite:
                connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]  # as above


def _migrate(
    connection: Connection, scripts: ScriptDirectory, component: Component, target: str, *, up: bool
) -> None:
    def steps(revision: str, _context: MigrationContext) -> object:
        if up:
            return scripts._upgrade_revs(target, revision)  # noqa: SLF001  Alembic's own commands do this
        return scripts._downgrade_revs(target, revision)  # noqa: SLF001  as above

    context = MigrationContext.configure(connection, opts={**_options(component), "fn": steps})
    with Operations.context(context):
        context.run_migrations()


def _options(component: Component) -> dict[str, object]:
    def include(name: str | None, kind: str, _parents: object) -> bool:
        return kind != "table" or name in component.tables

    def compared(_object: object, name: str | None, *_more: object) -> bool:
        return name not in UNDECLARED

    return {
        "target_metadata": component.metadata,
        "version_table": component.version_table,
        "render_as_batch": True,
        "include_name": include,
        "include_object": compared,
        "compare_type": True,
    }


def _context(connection: Connection, component: Component) -> MigrationContext:
    return MigrationContext.configure(connection, opts=_options(component))


def _scripts(component: Component) -> ScriptDirectory:
    folder = str(component.folder)
    return ScriptDirectory(folder, version_locations=[folder])


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        message = f"The migration would leave {len(broken)} rows pointing nowhere; undone."
        raise Unavailable(message)
