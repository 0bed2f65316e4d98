"""The plugin's own tables: what its revisions make is what it declares, and they go again."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import inspect

import plugins.cross_sell
from deskcore.extensions import db
from deskcore.plugin import migrations
from deskcore.plugin.migrations import Component
from plugins.cross_sell import links
from plugins.cross_sell.tables import METADATA

OFFERS = Component(
    name="cross_sell",
    folder=Path(plugins.cross_sell.__file__).parent / "migrations",
    metadata=METADATA,
    tables=frozenset(METADATA.tables),
)


def test_the_revisions_make_what_the_plugin_declares(app: Flask) -> None:
    assert migrations.differences(db.engine, OFFERS) == []
    assert migrations.current(db.engine, OFFERS) == migrations.head(OFFERS)
    assert len(links.key()) == 64


def test_the_tables_go_and_come_without_touching_those_of_the_desk(app: Flask) -> None:
    before = set(inspect(db.engine).get_table_names())
    migrations.downgrade(db.engine, OFFERS)
    left = {name for name in inspect(db.engine).get_table_names() if "cross_sell" in name}
    assert left == {"alembic_version_cross_sell"}
    migrations.upgrade(db.engine, OFFERS)
    assert set(inspect(db.engine).get_table_names()) == before
