"""What people see of a plugin that fails: its name, inside the desk, in the place of its part."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.config import Config, load_config
from deskcore.models import Mailbox
from deskcore.plugin import rooms
from deskcore.plugin.active import plugins
from deskcore.plugin.faults import slow_call
from deskcore.plugin.strikes import FAULTS_ALLOWED
from deskcore.services.unit import reading
from deskcore.warden import Warden
from tests import factories
from tests.broken.test_loading import install
from tests.web.conftest import Visitor

BROKEN = ("fails_on_its_pages", "huge_panel", "leaves_open", "template_error")
FAILS = "/p/fails_on_its_pages/"


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    for slug in BROKEN:
        install(tmp_path / "instance", slug)
    return load_config(
        instance=tmp_path / "instance", database_url=database_url, plugins=("email", *BROKEN)
    )


@pytest.mark.parametrize(
    "path",
    [FAILS, f"{FAILS}?early=1", f"{FAILS}?earliest=1", f"{FAILS}?sql=1", "/p/template_error/"],
)
def test_a_page_that_fails_is_told_inside_the_desk(owner: Visitor, path: str) -> None:
    answer = owner.get(path)
    slug = path.split("/")[2]
    assert answer.status_code == 500
    assert f"The plugin {slug.replace('_', ' ').capitalize()} made a mistake" in answer.text
    assert f'href="/admin/plugins/{slug}"' in answer.text
    assert 'href="/v/open' in answer.text
    assert owner.get("/v/open").status_code == 200
    assert "ZeroDivisionError" not in answer.text
    assert "Error" in owner.get(f"/admin/plugins/{slug}").text


def test_a_part_that_fails_is_a_callout_in_its_place(owner: Visitor) -> None:
    part = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "div#cups"}
    answer = owner.get(FAILS, headers=part)
    assert answer.status_code == 500
    assert '<hx-partial hx-target="#cups" hx-swap="innerHTML">' in answer.text
    assert "callout-bad" in answer.text
    assert "<nav" not in answer.text


def test_a_form_that_fails_stays_as_it_was_filled_in(owner: Visitor) -> None:
    part = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "main#main"}
    owner.get("/me")
    answer = owner.client.post(FAILS, data={"csrf_token": owner.token}, headers=part)
    assert answer.status_code == 500
    assert "The plugin Fails on its pages made a mistake" in answer.text
    assert 'hx-target="#alerts"' in answer.text
    assert 'hx-target="#main"' not in answer.text


def test_a_page_that_fails_too_often_pauses_its_plugin(owner: Visitor) -> None:
    for _ in range(FAULTS_ALLOWED):
        assert owner.get(FAILS).status_code == 500
    answer = owner.get(FAILS)
    assert answer.status_code == 503
    assert "The plugin Fails on its pages is paused" in answer.text
    assert "Paused" in owner.get("/admin/plugins/fails_on_its_pages").text
    assert owner.get("/v/open").status_code == 200


def test_panels_that_fail_are_told_beside_the_ticket(owner: Visitor, set_up: Flask) -> None:
    number = factories.a_ticket(factories.a_mailbox())
    answer = owner.get(f"/t/{number}")
    assert answer.status_code == 200
    assert answer.text.count("This panel could not be shown.") == 3
    assert 'href="/admin/plugins/huge_panel">Why</a>' in answer.text
    assert len(answer.text) < 200_000
    assert "could not be shown" not in owner.get(f"/t/{number}?safe=1").text
    for name in ("huge_panel", "template_error"):
        assert "desk_ticket_panels" in owner.get(f"/admin/plugins/{name}").text


def test_a_page_that_takes_long_again_and_again_is_told_and_pauses_nothing(
    owner: Visitor, set_up: Flask
) -> None:
    for seconds in (2.5, 2.1, 3.4):
        with set_up.app_context():
            late = slow_call("template_error", "page template_error.index", seconds, allowed=2)
            plugins().guard.sink.record(late)
    page = owner.get("/admin/plugins/template_error").text
    assert "What took long" in page
    assert "page template_error.index: 3 times" in page
    assert "It took 3.4 seconds the last time" in page
    assert "slow again and again" in page
    assert "Active" in page
    assert "recent error" not in owner.get("/admin/plugins").text


def test_a_page_that_does_not_come_back_is_named_with_where_it_is(
    owner: Visitor, set_up: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "LOST_S", 0.0)
    with set_up.app_context():
        guard = plugins().guard
    guard.call("template_error", "page slowly", Warden(set_up).look, patience="page")
    page = owner.get("/admin/plugins/template_error").text
    assert "It has not come back for" in page
    assert "page slowly failed 1 time" in page
    assert "File &#34;" in page


def test_a_transaction_that_is_left_open_on_a_page_is_undone(owner: Visitor, set_up: Flask) -> None:
    number = factories.a_ticket(factories.a_mailbox())
    assert owner.get("/p/leaves_open/").text == "looked"  # and begun behind it
    owner.get("/me")
    answer = owner.post("/p/leaves_open/")
    assert answer.status_code == 500
    assert "The plugin Leaves open made a mistake" in answer.text
    ticket = owner.get(f"/t/{number}")
    assert "This panel could not be shown." in ticket.text
    with set_up.app_context(), reading() as session:
        assert session.scalars(select(Mailbox.signature)).all() == [""]
    page = owner.get("/admin/plugins/leaves_open").text
    for place in ("page leaves_open.index", "page leaves_open.change", "desk_ticket_panels"):
        assert f"{place} failed" in page
