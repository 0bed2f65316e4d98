"""Settings of a plugin that are tried before they are kept, in a browser without JavaScript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.models import ConnectionTest, PluginSetting
from deskcore.services import settings_checks
from deskcore.services.unit import reading
from tests.plugin.tea import TOKEN, Till, a_worker
from tests.web.conftest import Visitor

PAGE = "/admin/plugins/tea_shop"


@pytest.fixture
def till() -> Iterator[Till]:
    with Till() as till:
        yield till


def kept() -> dict[str, str]:
    with reading() as session:
        rows = session.scalars(select(PluginSetting).where(PluginSetting.slug == "tea_shop"))
        return {row.key: row.value for row in rows}


def save(owner: Visitor, till: Till, token: str, **more: str) -> tuple[int, str]:
    owner.get(PAGE)
    typed = {"host": "127.0.0.1", "port": str(till.port), "token": token, **more}
    answer = owner.post(f"{PAGE}/settings", typed)
    return answer.status_code, answer.text


def test_desk_settings_that_the_far_side_likes_are_stored_and_secrets_never_shown(
    owner: Visitor, desk: Flask, till: Till
) -> None:
    with a_worker(desk):
        assert save(owner, till, TOKEN)[0] == 303
    assert kept()["port"] == str(till.port)
    page = owner.get(PAGE).text
    assert "127.0.0.1" in page
    assert TOKEN not in page
    assert TOKEN not in "".join(kept().values())
    # Unchanged: the stored token is tried with what is new.
    with a_worker(desk):
        assert save(owner, till, "", port=str(till.port))[0] == 303
    with reading() as session:
        assert session.scalars(select(ConnectionTest)).all() == []
    assert TOKEN not in owner.get("/admin/audit").text


def test_desk_settings_that_it_refuses_are_not_stored_and_the_field_says_why(
    owner: Visitor, desk: Flask, till: Till
) -> None:
    with a_worker(desk):
        status, page = save(owner, till, "darjeeling")
    assert status == 422
    assert "The till does not know this token." in page
    assert "darjeeling" not in page
    assert kept() == {}


def test_desk_settings_of_a_far_side_that_is_away_can_be_stored_untried(
    owner: Visitor, desk: Flask, till: Till
) -> None:
    with a_worker(desk):
        status, page = save(owner, till, TOKEN, port="1")
    assert status == 422
    assert "does not answer on port 1" in page
    assert "Save without trying" in page
    assert save(owner, till, TOKEN, port="1", untried="1")[0] == 303
    assert kept()["port"] == "1"


def test_desk_settings_are_not_stored_when_nobody_is_there_to_try_them(
    owner: Visitor, till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_checks, "WAIT_S", 0.3)
    status, page = save(owner, till, TOKEN)
    assert status == 422
    assert "Nobody could try this in time" in page
    assert kept() == {}


def test_desk_settings_that_were_changed_say_so_and_one_is_set_back_after_it_was_tried(
    owner: Visitor, desk: Flask, till: Till
) -> None:
    with a_worker(desk):
        save(owner, till, TOKEN)
    page = owner.get(PAGE).text
    assert "Changed. The default: 8080" in page
    assert 'name="set_back" value="port" form="set-back"' in page
    assert 'value="token" form="set-back"' not in page

    with a_worker(desk):  # no till listens there, and nothing is stored that was refused
        answer = owner.post(f"{PAGE}/settings", {"set_back": "port"})
    assert answer.status_code == 422
    assert kept()["port"] == str(till.port)
    for name in ("token", "teapot"):
        assert owner.post(f"{PAGE}/settings", {"set_back": name}).status_code == 404
    owner.post(f"{PAGE}/settings", {"set_back": "port", "untried": "1"})
    assert kept()["port"] == "8080"
    assert kept()["host"] == '"127.0.0.1"'
