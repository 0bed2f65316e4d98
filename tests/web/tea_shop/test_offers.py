"""What one plugin offers and another asks for; neither knows the other."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from deskcore.config import Config
from deskcore.extensions import db
from tests.databases import opened
from tests.factories import a_mailbox, a_ticket
from tests.plugin.authoring import write_plugin
from tests.web.conftest import Visitor

ASKS = """
from deskcore.api import Unavailable
from deskcore.api.data import catalogues, stocks
from deskcore.plugin import Panel, hookimpl

@hookimpl
def desk_ticket_panels(ticket):
    said = [f"{len(catalogues())} catalogues"]
    for stock in stocks():
        try:
            said += [f"{level.key} {level.count} in the {level.place}" for level in stock.levels(["Assam"])]
            said.append("of " + ", ".join(stock.places()))
        except Unavailable:
            said.append("nobody knows")
    return [Panel(title="Stock", body="; ".join(said))]
"""


@pytest.fixture
def config(config: Config) -> Config:
    write_plugin(config.instance / "plugins", "asker", ASKS)
    return config.model_copy(update={"plugins": (*(config.plugins or ()), "asker")})


@pytest.fixture
def number(owner: Visitor) -> int:
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO plg_tea_shop_shelf VALUES ('Assam', 3)"))
    return a_ticket(a_mailbox())


def test_desk_services_are_asked_by_another_plugin(owner: Visitor, number: int) -> None:
    assert "0 catalogues; Assam 3 in the shop; of shop" in owner.get(f"/t/{number}").text


def test_desk_services_of_nobody_leave_the_asking_plugin_at_work(
    owner: Visitor, number: int, config: Config
) -> None:
    without = tuple(slug for slug in config.plugins or () if slug != "tea_shop")
    alone = config.model_copy(update={"plugins": without})
    with opened(alone, has_pages=True) as desk:
        browser = Visitor(desk.test_client())
        browser.sign_in()
        page = browser.get(f"/t/{number}").text
    assert "0 catalogues" in page
    assert "Assam 3" not in page


def test_desk_services_that_fail_are_the_fault_of_who_offers(owner: Visitor, number: int) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE plg_tea_shop_shelf"))
    assert "0 catalogues; nobody knows" in owner.get(f"/t/{number}").text
    assert "Stock.levels failed" in owner.get("/admin/plugins/tea_shop").text
    assert "Stock.levels failed" not in owner.get("/admin/plugins/asker").text
