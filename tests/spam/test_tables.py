"""The plugin's own tables: what its revisions make is what it declares, and they go again."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import inspect

import plugins.spam
from deskcore.extensions import db
from deskcore.plugin import migrations
from deskcore.plugin.migrations import Component
from plugins.spam.tables import METADATA

SPAM = Component(
    name="spam",
    folder=Path(plugins.spam.__file__).parent / "migrations",
    metadata=METADATA,
    tables=frozenset(METADATA.tables),
)


def _names() -> set[str]:
    return {name for name in inspect(db.engine).get_table_names() if "spam" in name}


def test_the_revisions_make_what_the_plugin_declares(app: Flask) -> None:
    assert migrations.differences(db.engine, SPAM) == []
    assert migrations.current(db.engine, SPAM) == migrations.head(SPAM)


def test_the_tables_go_and_come_without_touching_those_of_the_desk(app: Flask) -> None:
    before = set(inspect(db.engine).get_table_names())
    migrations.downgrade(db.engine, SPAM)
    assert _names() == {"alembic_version_spam"}
    migrations.upgrade(db.engine, SPAM)
    assert set(inspect(db.engine).get_table_names()) == before
