"""The plugin's own tables: what its revisions make is what it declares, and they go again."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import inspect

import plugins.web_form
from deskcore.extensions import db
from deskcore.plugin import migrations
from deskcore.plugin.migrations import Component
from plugins.web_form.tables import METADATA

FORM = Component(
    name="web_form",
    folder=Path(plugins.web_form.__file__).parent / "migrations",
    metadata=METADATA,
    tables=frozenset(METADATA.tables),
)


def test_the_revisions_make_what_the_plugin_declares(app: Flask) -> None:
    assert migrations.differences(db.engine, FORM) == []
    assert migrations.current(db.engine, FORM) == migrations.head(FORM)


def test_the_tables_go_and_come_without_touching_those_of_the_desk(app: Flask) -> None:
    before = set(inspect(db.engine).get_table_names())
    migrations.downgrade(db.engine, FORM)
    left = {name for name in inspect(db.engine).get_table_names() if "web_form" in name}
    assert left == {"alembic_version_web_form"}
    migrations.upgrade(db.engine, FORM)
    assert set(inspect(db.engine).get_table_names()) == before
