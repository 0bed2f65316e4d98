"""Commands that plugins bring: ``desk x <slug> <command>``."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.models import PluginFault
from deskcore.services.unit import reading
from tests.cli.conftest import Run
from tests.plugin import tea

ACTIVE = {"DESK_PLUGINS": '["email", "spam", "tea_shop"]'}


@pytest.fixture
def shop(app: Flask, tmp_path: Path, desk: Run) -> Run:
    """Give the command of a desk with the plugin."""
    tea.install(tmp_path / "instance")
    tea.make_tables(tmp_path / "instance")
    return desk


def test_desk_commands_are_named_and_run_by_their_plugin(shop: Run) -> None:
    assert "tea_shop" in shop("x", "--help", **ACTIVE).out
    told = shop("x", "tea_shop", "--help", **ACTIVE)
    assert "Say how much of a tea there is." in told.out
    assert shop("x", "tea_shop", "fill", "Assam", "4", **ACTIVE).code == 0
    assert shop("x", "tea_shop", "shelves", **ACTIVE).out == "Assam: 4\n"


def test_desk_commands_refuse_in_words(shop: Run) -> None:
    refused = shop("x", "tea_shop", "fill", "coffee", "4", **ACTIVE)
    assert (refused.code, refused.err) == (1, "Error: This is a tea shop.\n")
    assert shop("x", "tea_shop", "fill", "Assam", "few", **ACTIVE).code == 2
    assert shop("x", "coffee_shop", **ACTIVE).code == 2


def test_desk_commands_that_fail_are_recorded_and_said(shop: Run) -> None:
    failed = shop("x", "tea_shop", "break", **ACTIVE)
    assert failed.code == 1
    assert "The plugin tea_shop failed in desk_commands" in failed.err
    with reading() as session:
        fault = session.scalars(select(PluginFault)).one()
    assert (fault.slug, fault.place) == ("tea_shop", "desk_commands")
