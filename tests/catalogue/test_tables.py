"""The plugin's own tables: what its revisions make is what it declares, and they go again."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import inspect

import plugins.catalogue
from deskcore.extensions import db
from deskcore.plugin import migrations
from deskcore.plugin.migrations import Component
from plugins.catalogue.tables import METADATA

CATALOGUE = Component(
    name="catalogue",
    folder=Path(plugins.catalogue.__file__).parent / "migrations",
    metadata=METADATA,
    tables=frozenset(METADATA.tables),
)


def test_the_revisions_make_what_the_plugin_declares(app: Flask) -> None:
    assert migrations.differences(db.engine, CATALOGUE) == []
    assert migrations.current(db.engine, CATALOGUE) == migrations.head(CATALOGUE)


def test_the_tables_go_and_come_without_touching_those_of_the_desk(app: Flask) -> None:
    before = set(inspect(db.engine).get_table_names())
    migrations.downgrade(db.engine, CATALOGUE)
    left = {name for name in inspect(db.engine).get_table_names() if "catalogue" in name}
    assert left == {"alembic_version_catalogue"}
    migrations.upgrade(db.engine, CATALOGUE)
    assert set(inspect(db.engine).get_table_names()) == before
