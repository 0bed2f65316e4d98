"""What plugins put on the page that customers open."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import insert

from deskcore.config import Config
from deskcore.extensions import db
from tests.plugin.authoring import write_plugin
from tests.plugin.tea import part
from tests.web.conftest import Visitor

BROKEN = """
from deskcore.plugin import HelpPart, hookimpl

@hookimpl
def desk_help_parts(language):
    return [
        HelpPart(title="Fine", body="still here"),
        HelpPart(title="Lost", template="plugins/broken/nowhere.html"),
        HelpPart(title="Of others", template="plugins/tea_shop/_shelves.html"),
        HelpPart(title="Endless", body="x" * 100_001),
    ]
"""


@pytest.fixture
def config(config: Config) -> Config:
    write_plugin(config.instance / "plugins", "broken", BROKEN)
    return config.model_copy(update={"plugins": (*(config.plugins or ()), "broken")})


def test_desk_help_parts_are_shown_to_everybody_in_their_language(
    set_up: Flask, visitor: Visitor
) -> None:
    with db.engine.begin() as connection:
        connection.execute(insert(part("tables").SHELVES).values(tea="Sencha", count=3))
    page = visitor.get("/help?lang=cs").text
    card = re.search(
        r'<section class="card" id="helppart-tea_shop-1".*?</section>', page, re.DOTALL
    )
    assert card
    assert "Sencha" in card[0]
    assert 'action="/p/tea_shop/find"' in page
    assert 'name="q"' in page
    assert "Tea (cs)" in page
    assert "&lt;b&gt;Fresh&lt;/b&gt;" in page


def test_a_part_that_breaks_costs_itself_only(set_up: Flask, owner: Visitor) -> None:
    answer = owner.get("/help")
    assert answer.status_code == 200
    assert "still here" in answer.text
    for lost in ("Lost", "Of others", "Endless"):
        assert lost not in answer.text
    assert "desk_help_parts failed" in owner.get("/admin/plugins/broken").text
