"""Plugins with tables: made before they are loaded; one that cannot is left out, the desk starts."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import create_engine, inspect

from deskcore.config import Config, load_config
from deskcore.plugin.loader import BOOT
from deskcore.plugin.recovery import Quarantine
from deskcore.prepare import upgrade_database
from tests.plugin.authoring import write_plugin

REVISION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "tea_0001", None


def upgrade():
    op.create_table("plg_tea_cup", sa.Column("id", sa.Integer(), primary_key=True))
    {more}
"""


def a_desk(folder: Path, *, more: str = "") -> Config:
    """Write the configuration of a desk whose only plugin has a table."""
    if not (folder / "plugins").exists():
        write_plugin(folder / "plugins", "tea").joinpath("migrations").mkdir()
    revision = folder / "plugins" / "tea" / "migrations" / "0001_cup.py"
    revision.write_text(REVISION.format(more=more))
    url = f"sqlite:///{folder / 'desk.db'}"
    return load_config(instance=folder, database_url=url, plugins=("tea",))


def tables(config: Config) -> set[str]:
    engine = create_engine(config.database)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_tables_are_there_before_the_plugin_is_loaded(tmp_path: Path) -> None:
    config = a_desk(tmp_path)
    upgrade_database(config)
    upgrade_database(config)
    assert {"plg_tea_cup", "alembic_version_tea", "ticket"} <= tables(config)


def test_a_plugin_whose_tables_cannot_be_made_is_left_out_until_they_can(tmp_path: Path) -> None:
    config = a_desk(tmp_path, more="raise RuntimeError('no tea')")
    upgrade_database(config)
    assert "no tea" in Quarantine(tmp_path / BOOT).reason("tea")
    assert "plg_tea_cup" not in tables(config)
    assert "ticket" in tables(config)
    upgrade_database(a_desk(tmp_path))
    assert Quarantine(tmp_path / BOOT).reason("tea") == ""
    assert "plg_tea_cup" in tables(config)


def test_tables_of_plugins_that_nobody_wants_are_not_made(tmp_path: Path) -> None:
    config = a_desk(tmp_path)
    upgrade_database(config.model_copy(update={"plugins": ()}))
    assert "plg_tea_cup" not in tables(config)
