"""A plugin's life on a desk that is thrown away: on, off, on, off, and gone without a trace."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, func, inspect, select, table

from deskcore.authoring.folder import TESTS, PluginFolder
from deskcore.authoring.standards import Flaw
from deskcore.config import Config, load_config
from deskcore.db import prepare_engine
from deskcore.errors import DeskError
from deskcore.plugin.discovery import bundled_folder
from deskcore.plugin.loader import DROPPED
from deskcore.plugin.orders import Order, What
from deskcore.prepare import upgrade_database
from deskcore.services import plugin_errands

PATIENCE_S = 120.0
_LIFE: tuple[What, ...] = ("activate", "deactivate", "activate", "deactivate", "uninstall")
_DIARIES = frozenset({"audit_entry", "audit_digest", "event", "plugin_set", "plugin_record"})


@dataclass(frozen=True, kw_only=True)
class _Traces:
    """What a desk holds: its tables with their columns and indexes, and its rows."""

    schema: dict[str, list[str]]
    rows: dict[str, int]


def round_trip(folder: PluginFolder) -> Iterator[Flaw]:
    """Switch it twice and uninstall it; gives what went wrong, and what was left behind."""
    with _a_desk(folder) as config:
        if problem := _begin(config, folder):
            yield Flaw(why=problem)
            return
        before = _traces(config)
        for step, what in enumerate(_LIFE):
            outcome = plugin_errands.run(
                config, Order(what=what, slug=folder.slug), patience_s=PATIENCE_S
            )
            if not outcome.is_done:
                again = " the second time" if step in {2, 3} else ""
                yield Flaw(why=f"To {what} it{again}: {outcome.reason} {_end_of(outcome.details)}")
                return
            if outcome.remark:
                yield Flaw(why=f"To {what} it: {outcome.remark}")
        yield from _left_behind(before, _traces(config))


@contextmanager
def _a_desk(folder: PluginFolder) -> Iterator[Config]:
    """Make a desk with the plugin in it; a bundled one is there already."""
    with tempfile.TemporaryDirectory(prefix="desk-check-") as made:
        instance = Path(made) / "instance"
        # Nothing of the desk that the author may have here.
        config = load_config(
            instance=instance,
            database_url=f"sqlite:///{made}/desk.db",
            plugins=None,
            safe_mode=False,
        )
        if folder.path.parent != bundled_folder():
            home = instance / DROPPED / folder.path.name
            for path in folder.files:
                inside = path.relative_to(folder.path)
                if inside.parts[0] != TESTS:
                    (home / inside).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, home / inside)
        upgrade_database(config)
        yield config


def _begin(config: Config, folder: PluginFolder) -> str:
    """Have it inactive, with what it requires active; returns why that cannot be."""
    try:
        manifest = folder.manifest
    except DeskError as error:
        return str(error)
    if manifest.starts_active:
        for what in ("deactivate", "uninstall"):
            plugin_errands.run(config, Order(what=what, slug=folder.slug))
    for slug in manifest.requires:
        outcome = plugin_errands.run(config, Order(what="activate", slug=slug))
        if not outcome.is_done and "already" not in outcome.reason:
            return f"It requires {slug}, which could not be activated here: {outcome.reason}"
    return ""


def _traces(config: Config) -> _Traces:
    engine = create_engine(config.database)
    prepare_engine(engine)
    try:
        with engine.connect() as connection:
            looked = inspect(connection)
            names = looked.get_table_names()
            schema = {
                name: sorted(each["name"] for each in looked.get_columns(name))
                + sorted(str(each["name"]) for each in looked.get_indexes(name))
                for name in names
            }
            rows = {
                name: connection.scalars(select(func.count()).select_from(table(name))).one()
                for name in names
            }
    finally:
        engine.dispose()
    return _Traces(schema=schema, rows=rows)


def _left_behind(before: _Traces, after: _Traces) -> Iterator[Flaw]:
    for name in sorted(after.schema.keys() - before.schema.keys()):
        yield Flaw(why=f"Uninstalling it left the table {name} behind.")
    for name, columns in sorted(before.schema.items()):
        if name not in after.schema:
            yield Flaw(why=f"Uninstalling it removed the desk's table {name}.")
        elif after.schema[name] != columns:
            yield Flaw(why=f"Uninstalling it left the desk's table {name} changed.")
        elif name not in _DIARIES and after.rows[name] != before.rows[name]:
            was, now = before.rows[name], after.rows[name]
            yield Flaw(why=f"The desk's table {name} had {was} rows, and has {now} now.")


def _end_of(details: str) -> str:
    lines = details.strip().splitlines()
    return lines[-1] if lines else ""
