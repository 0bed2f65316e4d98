"""The plugin's own tables: what its revisions make is what it declares, and they go again."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import inspect

import plugins.saved_replies
from deskcore.extensions import db
from deskcore.plugin import migrations
from deskcore.plugin.migrations import Component
from plugins.saved_replies.tables import METADATA

SAVED = Component(
    name="saved_replies",
    folder=Path(plugins.saved_replies.__file__).parent / "migrations",
    metadata=METADATA,
    tables=frozenset(METADATA.tables),
)


def test_the_revisions_make_what_the_plugin_declares(app: Flask) -> None:
    assert migrations.differences(db.engine, SAVED) == []
    assert migrations.current(db.engine, SAVED) == migrations.head(SAVED)


def test_the_tables_go_and_come_without_touching_those_of_the_desk(app: Flask) -> None:
    before = set(inspect(db.engine).get_table_names())
    migrations.downgrade(db.engine, SAVED)
    left = {name for name in inspect(db.engine).get_table_names() if "saved_replies" in name}
    assert left == {"alembic_version_saved_replies"}
    migrations.upgrade(db.engine, SAVED)
    assert set(inspect(db.engine).get_table_names()) == before
