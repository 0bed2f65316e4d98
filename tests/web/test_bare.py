"""``?safe=1`` and the red line: an owner looks at the desk without what plugins add to it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from deskcore.config import Config
from deskcore.domain.people import SYSTEM
from deskcore.services import invitations
from deskcore.services.invitations import Invited
from tests.databases import opened
from tests.plugin.authoring import write_plugin
from tests.web.conftest import PASSWORD, Visitor

OFFERED = 'href="/p/spam/"'
ALARM = 'id="alarm"'
EVERYWHERE = {
    "before": "blueprint.before_app_request(lambda: 1 / 0)",
    "after": "blueprint.after_app_request(lambda response: 1 / 0)",
    "context": "blueprint.app_context_processor(lambda: 1 / 0)",
    "errors": "blueprint.app_errorhandler(404)(lambda error: 1 / 0)",
    "filters": "blueprint.add_app_template_filter(lambda text: 1 / 0, 'ago')",
}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Leave PostgreSQL to the tests of the services: pages do not differ by database."""
    return sqlite_url


@pytest.fixture
def admin(set_up: Flask) -> Visitor:
    link = invitations.invite(SYSTEM, Invited(email="p@example.com", name="Petr", role="admin"))
    invitations.accept_invitation(link.token, name="Petr", password=PASSWORD)
    browser = Visitor(set_up.test_client())
    browser.sign_in("p@example.com")
    return browser


def test_an_owner_sees_pages_without_plugins_until_told_otherwise(owner: Visitor) -> None:
    assert OFFERED in owner.get("/admin").text
    for path in ("/admin?safe=1", "/admin", "/me"):
        page = owner.get(path).text
        assert (OFFERED in page, ALARM in page) == (False, True), path
        assert 'href="/?safe=0"' in page
    owner.get("/?safe=0")
    page = owner.get("/admin").text
    assert (OFFERED in page, ALARM in page) == (True, False)


def test_it_holds_for_one_browser_and_until_signing_out(set_up: Flask, owner: Visitor) -> None:
    owner.get("/?safe=1")
    other = Visitor(set_up.test_client())
    other.sign_in()
    assert OFFERED in other.get("/admin").text
    owner.get("/me")
    owner.post("/sign-out")
    owner.sign_in()
    assert OFFERED in owner.get("/admin").text


def test_nobody_else_gets_such_pages(admin: Visitor, visitor: Visitor) -> None:
    page = admin.get("/admin?safe=1").text
    assert (OFFERED in page, ALARM in page) == (True, False)
    visitor.get("/sign-in?safe=1")
    visitor.sign_in()
    assert OFFERED in visitor.get("/admin").text


def test_whoever_is_an_owner_no_more_gets_whole_pages(admin: Visitor) -> None:
    admin.get("/admin")
    with admin.client.session_transaction() as kept:
        kept["safe"] = True
    assert OFFERED in admin.get("/admin").text


@pytest.mark.parametrize("config", [{"safe_mode": True}, {}], indirect=True)
def test_a_desk_in_safe_mode_says_so_to_everybody_and_to_owners_how_to_end_it(
    owner: Visitor, admin: Visitor
) -> None:
    for browser, leads_out in ((owner, True), (admin, False)):
        page = browser.get("/admin").text
        assert "The desk is in safe mode: no plugin works" in page
        assert ('id="end-alarm" href="/rescue"' in page) == leads_out
        assert OFFERED not in page


@pytest.fixture
def config(config: Config, request: pytest.FixtureRequest) -> Config:
    asked = getattr(request, "param", None)
    if asked == {}:
        (config.instance / "SAFE_MODE").touch()
    return config.model_copy(update=asked or {})


@pytest.fixture(params=EVERYWHERE)
def meddling(config: Config, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """Give a desk with a plugin that puts its hands on every page."""
    code = f"""
        from flask import Blueprint
        from deskcore.plugin import hookimpl

        blueprint = Blueprint("meddling", __name__)
        {EVERYWHERE[request.param]}

        @hookimpl
        def desk_blueprints():
            return [blueprint]
    """
    write_plugin(Path(config.instance) / "plugins", "meddling", code)
    with opened(
        config.model_copy(update={"plugins": ("email", "meddling")}), has_pages=True
    ) as app:
        yield app


def test_a_plugin_that_puts_its_hands_on_every_page_gets_none(meddling: Flask) -> None:
    visitor = Visitor(meddling.test_client())
    assert visitor.get("/rescue").status_code == 200
    assert visitor.get("/nowhere").status_code == 404
    fault = meddling.extensions["desk_plugins"].guard.last_fault("meddling")
    assert "do something on every page" in fault.message
