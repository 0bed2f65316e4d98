"""A desk on disk whose plugins are switched as people switch them, and what is in its database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine, inspect, text

from deskcore.config import Config, load_config
from deskcore.plugin.orders import Order, Outcome, What
from deskcore.services import plugin_errands


@dataclass(frozen=True, kw_only=True)
class Switched:
    """One desk: its configuration, and the folder that plugins are dropped into."""

    config: Config

    @classmethod
    def at(cls, instance: Path, database_url: str) -> Switched:
        """Look at a desk whose tables are made."""
        return cls(config=load_config(instance=instance, database_url=database_url))

    @property
    def dropped(self) -> Path:
        """Where plugins are dropped."""
        return self.config.instance / "plugins"

    def drop(self, folder: Path, *, slug: str) -> None:
        """Put a plugin's folder in the place of the one that was there."""
        shutil.rmtree(self.dropped / slug, ignore_errors=True)
        shutil.copytree(folder, self.dropped / slug)

    def order(self, what: What, slug: str) -> Outcome:
        """Switch a plugin, in a process of its own."""
        return plugin_errands.run(self.config, Order(what=what, slug=slug))

    @contextmanager
    def database(self) -> Iterator[Connection]:
        """Look into the database."""
        engine = create_engine(self.config.database)
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    def remembered(self, slug: str) -> tuple[str, str, str] | None:
        """Return state, version and reason that are kept of a plugin."""
        asked = text("SELECT state, version, reason FROM plugin_record WHERE slug = :slug")
        with self.database() as connection:
            row = connection.execute(asked, {"slug": slug}).one_or_none()
        return tuple(row) if row else None

    def counts(self) -> dict[str, int]:
        """Return every table there is with its number of rows."""
        with self.database() as connection:
            return {
                name: connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()  # noqa: S608  our own names
                for name in inspect(connection).get_table_names()
            }

    def schema(self) -> dict[str, list[str]]:
        """Return every table with its columns and indexes."""
        with self.database() as connection:
            looked = inspect(connection)
            return {
                name: sorted(column["name"] for column in looked.get_columns(name))
                + sorted(str(index["name"]) for index in looked.get_indexes(name))
                for name in looked.get_table_names()
            }
