"""The plugin's own tables: what its revisions make is what it declares, and they go again."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from sqlalchemy import inspect

import plugins.reviews
from deskcore.extensions import db
from deskcore.plugin import migrations
from deskcore.plugin.migrations import Component
from plugins.reviews.tables import METADATA

REVIEWS = Component(
    name="reviews",
    folder=Path(plugins.reviews.__file__).parent / "migrations",
    metadata=METADATA,
    tables=frozenset(METADATA.tables),
)


def test_the_revisions_make_what_the_plugin_declares_and_take_it_away(app: Flask) -> None:
    assert migrations.differences(db.engine, REVIEWS) == []
    before = set(inspect(db.engine).get_table_names())
    migrations.downgrade(db.engine, REVIEWS)
    left = {name for name in inspect(db.engine).get_table_names() if "plg_reviews" in name}
    assert left == set()
    migrations.upgrade(db.engine, REVIEWS)
    assert set(inspect(db.engine).get_table_names()) == before
