"""Tables of the plugins that come with the desk: revisions make what is declared, and they go again."""

from __future__ import annotations

from importlib import import_module

import pytest
from flask import Flask
from sqlalchemy import inspect

from deskcore.extensions import db
from deskcore.plugin import migrations
from deskcore.plugin.migrations import Component
from tests.contract.sources import ROOT

FOLDER = ROOT / "plugins"
SLUGS = sorted(path.parent.name for path in FOLDER.glob("*/migrations"))


def names() -> set[str]:
    return set(inspect(db.engine).get_table_names())


@pytest.fixture(params=SLUGS)
def component(app: Flask, request: pytest.FixtureRequest) -> Component:
    """Give what a plugin declares, in a desk that has its tables."""
    metadata = import_module(f"plugins.{request.param}.tables").METADATA
    found = Component(
        name=request.param,
        folder=FOLDER / request.param / "migrations",
        metadata=metadata,
        tables=frozenset(metadata.tables),
    )
    migrations.bring_up(db.engine, found)
    return found


def test_every_plugin_with_tables_is_tried() -> None:
    assert {"catalogue", "saved_replies", "spam"} <= set(SLUGS)


def test_the_revisions_make_what_the_plugin_declares(component: Component) -> None:
    assert migrations.differences(db.engine, component) == []
    assert migrations.current(db.engine, component) == migrations.head(component)


def test_the_tables_go_and_come_without_touching_those_of_the_desk(component: Component) -> None:
    before = names()
    migrations.downgrade(db.engine, component)
    assert names() == before - component.tables
    assert f"alembic_version_{component.name}" in names()
    assert {name for name in names() if f"plg_{component.name}_" in name} == set()
    migrations.upgrade(db.engine, component)
    assert names() == before
