"""A plugin's life from activation to uninstalling, with data, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from deskcore.plugin.orders import Order
from deskcore.services import plugin_errands
from tests.plugin.authoring import write_plugin
from tests.plugin.switched import Switched

pytestmark = pytest.mark.usefixtures("really_started")

BEGINS = """
from sqlalchemy import text

from deskcore.plugin import hookimpl

@hookimpl
def desk_activate(session):
    session.execute(text("INSERT INTO plg_leaf_kind (id, name) VALUES (1, 'oolong')"))
"""
MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{revision}", {before}
branch_labels = depends_on = None

def upgrade():
{up}

def downgrade():
{down}
"""
TABLE = (
    '    op.create_table("plg_leaf_kind", sa.Column("id", sa.Integer, primary_key=True), '
    'sa.Column("name", sa.Text))'
)
COLUMN = '    op.add_column("plg_leaf_kind", sa.Column("grams", sa.Integer, server_default="5"))'
FAILS = COLUMN.replace("grams", "price") + '\n    op.drop_table("no_such")'


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Switched:
    found = Switched.at(tmp_path / "instance", database_url)
    found.config.instance.mkdir(exist_ok=True)
    return found


def a_version(folder: Path, version: str, *steps: tuple[str, str]) -> Path:
    """Write a version of the plugin "leaf" with these steps of its tables."""
    home = write_plugin(folder / version, "leaf", BEGINS)
    manifest = (
        (home / "plugin.toml").read_text().replace('version = "1.0"', f'version = "{version}"')
    )
    (home / "plugin.toml").write_text(manifest)
    (home / "migrations").mkdir()
    before = "None"
    for number, (up, down) in enumerate(steps, start=1):
        code = MIGRATION.format(revision=f"leaf_{number}", before=before, up=up, down=down)
        (home / "migrations" / f"{number:04}.py").write_text(code)
        before = f'"leaf_{number}"'
    return home


def kinds(desk: Switched) -> list[tuple[object, ...]]:
    with desk.database() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT * FROM plg_leaf_kind"))]


def test_a_whole_life_leaves_the_desk_as_it_was(desk: Switched, tmp_path: Path) -> None:
    first = (TABLE, '    op.drop_table("plg_leaf_kind")')
    second = (COLUMN, '    op.drop_column("plg_leaf_kind", "grams")')
    before, schema = desk.counts(), desk.schema()

    desk.drop(a_version(tmp_path, "1.0", first), slug="leaf")
    outcome = desk.order("activate", "leaf")
    assert (outcome.is_done, outcome.reason) == (True, "")
    assert kinds(desk) == [(1, "oolong")]
    assert desk.remembered("leaf") == ("active", "1.0", "")
    assert desk.order("activate", "leaf").reason == "It is active already."

    desk.drop(a_version(tmp_path, "2.0", first, second), slug="leaf")
    assert desk.order("upgrade", "leaf").is_done
    assert kinds(desk) == [(1, "oolong", 5)]
    assert desk.remembered("leaf") == ("active", "2.0", "")

    desk.drop(a_version(tmp_path, "3.0", first, second, (FAILS, "    pass")), slug="leaf")
    refused = desk.order("upgrade", "leaf")
    assert not refused.is_done
    assert "no_such" in refused.reason
    assert kinds(desk) == [(1, "oolong", 5)]
    assert (desk.remembered("leaf") or ())[:2] == ("paused", "2.0")

    desk.drop(tmp_path / "2.0" / "leaf", slug="leaf")
    assert desk.order("resume", "leaf").is_done
    assert desk.order("uninstall", "leaf").reason == "It is active. Deactivate it first."
    assert desk.order("deactivate", "leaf").is_done
    assert kinds(desk) == [(1, "oolong", 5)]

    assert desk.order("uninstall", "leaf").is_done
    assert desk.schema() == schema
    assert desk.counts() | {"audit_entry": 0} == before | {"audit_entry": 0}
    assert desk.remembered("leaf") is None


def test_what_lost_its_folder_can_be_uninstalled(desk: Switched, tmp_path: Path) -> None:
    schema = desk.schema()
    desk.drop(a_version(tmp_path, "1.0", (TABLE, "    raise ValueError")), slug="leaf")
    assert desk.order("activate", "leaf").is_done
    (desk.dropped / "leaf").rename(tmp_path / "taken_away")
    assert desk.order("uninstall", "leaf").is_done
    assert desk.schema() == schema


def test_a_plugin_with_a_longer_name_keeps_its_tables(desk: Switched, tmp_path: Path) -> None:
    desk.drop(a_version(tmp_path, "1.0", (TABLE, "    pass")), slug="leaf")
    assert desk.order("activate", "leaf").is_done
    write_plugin(desk.dropped, "lea")
    write_plugin(desk.dropped, "leaf_kind")
    assert desk.order("activate", "lea").is_done
    assert desk.order("deactivate", "lea").is_done
    assert desk.order("uninstall", "lea").is_done
    assert kinds(desk) == [(1, "oolong")]


def test_what_others_need_stays_active(desk: Switched) -> None:
    write_plugin(desk.dropped, "water")
    write_plugin(desk.dropped, "leaf", manifest='requires = ["water"]')
    assert "not active: water" in desk.order("activate", "leaf").reason
    assert desk.order("activate", "water").is_done
    assert desk.order("activate", "leaf").is_done
    assert "need it: leaf" in desk.order("deactivate", "water").reason
    assert desk.remembered("water") == ("active", "1.0", "")


def test_what_the_configuration_names_cannot_be_switched(desk: Switched) -> None:
    fixed = Switched(config=desk.config.model_copy(update={"plugins": ("email",)}))
    write_plugin(desk.dropped, "leaf")
    assert "The configuration on the server" in fixed.order("activate", "leaf").reason
    assert desk.remembered("leaf") is None


def test_an_order_that_takes_too_long_is_ended_and_told(desk: Switched) -> None:
    write_plugin(desk.dropped, "leaf", "import time; time.sleep(60)")
    order = Order(what="activate", slug="leaf")
    outcome = plugin_errands.run(desk.config, order, patience_s=3)
    assert not outcome.is_done
    # On a busy machine it has not come to the import by then.
    assert "was ended by signal 9" in outcome.reason
    assert desk.remembered("leaf") is None
