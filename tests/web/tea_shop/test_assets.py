"""Styles and scripts of plugins: on their pages, in the browser, and not in the administration."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from deskcore.config import Config
from tests.factories import a_customer, a_mailbox, a_ticket
from tests.plugin.authoring import write_plugin
from tests.web.conftest import Visitor
from tests.web.tea_shop.served import signed_in

ILL = {
    "climber": "../plugin.toml",
    "climbing": "../../tea_shop/static/shelves.css",
    "nobody": "nothing.css",
    "heavy": "heavy.css",
}
CODE = """
from deskcore.plugin import Asset, hookimpl

@hookimpl
def desk_assets():
    return [Asset(name="{name}")]
"""


@pytest.fixture
def config(config: Config) -> Config:
    for slug, name in ILL.items():
        code = CODE.replace("{name}", name)
        folder = write_plugin(config.instance / "plugins", slug, code) / "static"
        folder.mkdir()
        (folder / "heavy.css").write_bytes(b" " * 200_001)
    return config.model_copy(update={"plugins": (*(config.plugins or ()), *ILL)})


@pytest.fixture
def number(owner: Visitor) -> int:
    return a_ticket(a_mailbox(), customer=a_customer("Olga", "olga@cz.example"))


def names(owner: Visitor, path: str) -> set[str]:
    return set(re.findall(r'"/static/\w+/p/tea_shop/([^"]+)"', owner.get(path).text))


def test_desk_assets_are_part_of_the_pages_they_are_for(owner: Visitor, number: int) -> None:
    everywhere = {"shelves.css", "shelves.js"}
    for path in ("/v/open", f"/t/{number}", "/search"):
        assert names(owner, path) == everywhere
    assert names(owner, "/p/tea_shop/stock") == everywhere | {"stock.css"}
    for path in ("/admin", "/admin/plugins", "/admin/plugins/tea_shop", "/me"):
        assert names(owner, path) == set()
    address = re.search(r'"(/static/\w+/p/tea_shop/shelves.css)"', owner.get("/v/open").text)
    assert address
    served = owner.get(address[1])
    assert served.mimetype == "text/css"
    assert "immutable" in served.headers["Cache-Control"]


def test_desk_assets_lie_in_the_plugins_own_folder_and_are_small(owner: Visitor) -> None:
    for slug in ("climber", "climbing", "nobody"):
        assert "is no style sheet or script" in owner.get(f"/admin/plugins/{slug}").text
    assert "has more than 200000 bytes" in owner.get("/admin/plugins/heavy").text


@pytest.mark.browser
def test_desk_assets_work_under_the_policy_of_the_page(
    browser: Browser, set_up: Flask, number: int
) -> None:
    with signed_in(browser, set_up) as context:
        page = context.new_page()
        page.goto(f"/t/{number}")
        expect(page.locator("html")).to_have_attribute("data-tea-shop", "open")
        shelf = page.locator(".tea-shop-shelf")
        expect(shelf).to_have_css("border-block-end-color", "rgb(120, 80, 40)")
        page.goto("/admin")
        expect(page.locator("html")).not_to_have_attribute("data-tea-shop", "open")
