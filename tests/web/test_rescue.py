"""The rescue page: who comes in, by account and by key, and what works from there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError

from deskcore import clock
from deskcore.config import Config
from deskcore.domain.kinds import PluginState
from deskcore.domain.people import SYSTEM
from deskcore.extensions import db
from deskcore.models import AuditEntry, PluginRecord
from deskcore.services import invitations, plugin_records, rescue_key
from deskcore.services.invitations import Invited
from deskcore.services.rescue_key import KEY_LIFE, VISIT_LIFE, make_key
from deskcore.services.unit import reading, unit_of_work
from tests.web.conftest import PASSWORD, Visitor

ACTIONS = (
    "plugins/email/off", "plugins/email/on", "safe-mode/start", "safe-mode/stop", "restart",
    "report", "leave",
)  # fmt: skip


@pytest.fixture
def away(owner: Visitor) -> Iterator[None]:
    """Let every statement fail as it does when nobody listens any more."""

    def fail(*_details: object) -> None:
        raise OperationalError("", {}, Exception("server closed the connection"))

    engine = db.engine
    event.listen(engine, "before_cursor_execute", fail)
    yield
    event.remove(engine, "before_cursor_execute", fail)


def come_in(visitor: Visitor, key: str = "") -> Visitor:
    visitor.get("/rescue")
    answer = visitor.post("/rescue/key", {"key": key or make_key()})
    assert answer.status_code == 303, answer.text
    return visitor


def done(action: str) -> list[str]:
    with reading() as session:
        found = select(AuditEntry.actor_name).where(AuditEntry.action == action)
        return list(session.scalars(found))


@pytest.fixture
def spam(set_up: Flask) -> str:
    """Let the desk know the plugin that it has, as it does at every start."""
    manifest = set_up.extensions["desk_plugins"].manifests["spam"]
    with unit_of_work() as unit:
        plugin_records.keep(unit, "spam", PluginState.ACTIVE, version=manifest.version)
    return "spam"


def state_of(slug: str) -> PluginState:
    with reading() as session:
        return PluginState(session.get_one(PluginRecord, slug).state)


def test_the_page_needs_no_style_no_script_and_no_frame_of_the_desk(owner: Visitor) -> None:
    page = owner.get("/rescue")
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "hx-" not in page.text
    assert 'id="nav"' not in page.text
    assert re.findall(r'<link rel="stylesheet" href="/static/\w+/([^"]+)"', page.text) == [
        "rescue.css"
    ]


@pytest.mark.usefixtures("spam")
def test_an_owner_sees_the_plugins_and_switches_one_off_and_on(owner: Visitor) -> None:
    assert "E-mail" in owner.get("/rescue").text
    owner.post("/rescue/plugins/spam/off")
    assert state_of("spam") == PluginState.PAUSED
    page = owner.get("/rescue").text
    assert "spam is switched off" in page
    assert "Paused by Eva Nová" in page
    owner.post("/rescue/plugins/spam/on")
    assert state_of("spam") == PluginState.ACTIVE
    assert "spam is switched on" in owner.get("/rescue").text


def test_strangers_and_everybody_but_owners_see_the_door_only(
    set_up: Flask, visitor: Visitor
) -> None:
    admin = Visitor(set_up.test_client())
    link = invitations.invite(SYSTEM, Invited(email="p@example.com", name="Petr", role="admin"))
    invitations.accept_invitation(link.token, name="Petr", password=PASSWORD)
    admin.sign_in("p@example.com")
    for browser, status in ((visitor, 303), (admin, 403)):
        page = browser.get("/rescue")
        assert page.status_code == 200
        assert "Come in with a key" in page.text
        assert "Switch off" not in page.text
        for action in ACTIONS:
            assert browser.post(f"/rescue/{action}").status_code == status, action
            browser.get("/rescue")
    assert "Petr, who is no owner" in admin.get("/rescue").text


def test_the_form_on_it_signs_an_owner_in(set_up: Flask, visitor: Visitor) -> None:
    visitor.get("/rescue")
    fields = {"email": "eva@example.com", "password": PASSWORD, "next": "/rescue"}
    answer = visitor.post("/sign-in", fields)
    assert answer.headers["Location"] == "/rescue"
    assert "Switch off" in visitor.get("/rescue").text


@pytest.mark.usefixtures("spam")
def test_the_key_works_once_and_without_an_account(set_up: Flask, visitor: Visitor) -> None:
    key = make_key()
    page = come_in(visitor, key.lower().replace("-", " ")).get("/rescue").text
    assert "Switch off" in page
    assert (visitor.get("/me").status_code, visitor.get("/admin").status_code) == (303, 303)
    visitor.post("/rescue/plugins/spam/off")
    assert state_of("spam") == PluginState.PAUSED
    assert done("plugin.paused") == done("rescue.opened") == ["Rescue key"]
    other = Visitor(set_up.test_client())
    other.get("/rescue")
    answer = other.post("/rescue/key", {"key": key})
    assert (answer.status_code, "This is not the key" in answer.text) == (422, True)


def test_a_key_is_kept_as_a_digest_and_readable_by_the_desk_alone(
    set_up: Flask, config: Config, visitor: Visitor
) -> None:
    key = make_key()
    path = config.instance / "rescue.json"
    assert key.replace("-", "") not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0
    come_in(visitor, key)
    with visitor.client.session_transaction() as kept:
        assert kept["rescue"] not in path.read_text()


def test_a_key_that_is_too_old_or_was_replaced_opens_nothing(
    set_up: Flask, visitor: Visitor
) -> None:
    first = make_key()
    key = make_key()
    visitor.get("/rescue")
    assert visitor.post("/rescue/key", {"key": first}).status_code == 422
    assert visitor.post("/rescue/key", {"key": ""}).status_code == 422
    with time_machine.travel(clock.now() + KEY_LIFE + timedelta(seconds=1)):
        assert visitor.post("/rescue/key", {"key": key}).status_code == 422
    assert done("rescue.failed") == ["Rescue key"] * 2


def test_a_visit_by_the_key_ends_by_itself_and_by_leaving(set_up: Flask, visitor: Visitor) -> None:
    come_in(visitor)
    with time_machine.travel(clock.now() + VISIT_LIFE + timedelta(seconds=1)):
        assert "Switch off" not in visitor.get("/rescue").text
    assert "Switch off" in visitor.get("/rescue").text
    with visitor.client.session_transaction() as kept:
        token = kept["rescue"]
    visitor.post("/rescue/leave")
    assert "Switch off" not in visitor.get("/rescue").text
    assert not rescue_key.is_visiting(token)


def test_guessing_keys_is_slowed_down_for_the_one_who_guesses(
    set_up: Flask, visitor: Visitor
) -> None:
    key = make_key()
    visitor.get("/rescue")
    wrong = [visitor.post("/rescue/key", {"key": "A" * 25}).status_code for _ in range(12)]
    assert wrong[:10] == [422] * 10
    assert wrong[-1] == 429
    assert visitor.post("/rescue/key", {"key": key}).status_code == 429
    elsewhere = Visitor(set_up.test_client())
    elsewhere.client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    come_in(elsewhere, key)


def test_a_form_without_its_token_changes_nothing(
    set_up: Flask, config: Config, visitor: Visitor
) -> None:
    come_in(visitor)
    visitor.token = ""
    assert visitor.post("/rescue/safe-mode/start").status_code in {303, 403}
    assert not (config.instance / "SAFE_MODE").exists()


def test_safe_mode_is_started_and_ended_with_a_new_generation_each(
    owner: Visitor, config: Config
) -> None:
    before = plugin_records.generation()
    owner.get("/rescue")
    owner.post("/rescue/safe-mode/start")
    assert (config.instance / "SAFE_MODE").exists()
    assert plugin_records.generation() == before + 1
    assert "The desk is in safe mode: no plugin works" in owner.get("/rescue").text
    owner.post("/rescue/safe-mode/stop")
    assert not (config.instance / "SAFE_MODE").exists()
    owner.post("/rescue/restart")
    assert plugin_records.generation() == before + 3
    assert [done(a) for a in ("safe_mode.started", "safe_mode.ended", "desk.restarted")] == [
        ["Eva Nová"]
    ] * 3


def test_the_report_holds_what_failed_and_nothing_that_is_secret(
    owner: Visitor, config: Config
) -> None:
    owner.get("/rescue")
    answer = owner.post("/rescue/report")
    assert answer.mimetype == "text/plain"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="desk-')
    assert "email" in answer.text
    secret = (config.instance / "secret.key").read_text().strip()
    for word in (secret, "eva@example.com", "Eva Nová", "Čajovna", PASSWORD):
        assert word not in answer.text


@pytest.mark.usefixtures("away")
def test_the_key_and_safe_mode_work_while_the_database_is_away(
    set_up: Flask, visitor: Visitor, config: Config
) -> None:
    page = visitor.get("/rescue", headers={"Accept-Language": "cs"})
    assert (page.status_code, 'lang="cs"' in page.text) == (200, True)
    come_in(visitor)
    page = visitor.get("/rescue")
    assert "The database does not answer" in page.text
    assert visitor.post("/rescue/safe-mode/start").status_code == 303
    assert (config.instance / "SAFE_MODE").exists()
    assert "cannot be read" in visitor.post("/rescue/report").text
    assert visitor.post("/rescue/restart").status_code == 303


@pytest.mark.parametrize("content", ["", "{", "[]", '{"visit": 5}', '{"visit": {"digest": ""}}'])
def test_a_damaged_file_of_keys_lets_nobody_in(set_up: Flask, config: Config, content: str) -> None:
    (config.instance / "rescue.json").write_text(content)
    assert not rescue_key.is_visiting("x" * 43)


def test_a_key_is_made_while_others_are_damaged(set_up: Flask, config: Config) -> None:
    path: Path = config.instance / "rescue.json"
    path.write_text("{")
    make_key()
    assert set(json.loads(path.read_text())) == {"key"}
