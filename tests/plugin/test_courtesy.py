"""The sample plugin with good manners does what its hooks are documented by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from deskcore.app import create_app
from deskcore.extensions import db
from deskcore.plugin.hooks import Hooks
from tests.plugin.switched import Switched
from tests.plugin.values import DRAFT, INBOUND, OUTBOUND, TICKET, USER

SLUG = "courtesy"
HERE = Path(__file__).parent / SLUG


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Switched:
    found = Switched.at(tmp_path / "instance", database_url)
    found.drop(HERE, slug=SLUG)
    outcome = found.order("activate", SLUG)
    assert (outcome.is_done, outcome.reason) == (True, "")
    return found


def opened(desk: Switched) -> Flask:
    return create_app(desk.config, has_pages=False)


def hooks(app: Flask) -> Hooks:
    found: Hooks = app.extensions["desk_plugins"].hooks
    return found


def test_desk_activate_makes_the_farewell_that_desk_outbound_prepare_says(desk: Switched) -> None:
    app = opened(desk)
    with app.app_context():
        said = hooks(app).outbound_prepare(OUTBOUND, TICKET)
        by_itself = hooks(app).outbound_prepare(replace(OUTBOUND, automatic=True), TICKET)
        db.engine.dispose()
    assert said.text == "It is on its way.\n\nCome again!"
    assert by_itself.text == "It is on its way."


def test_desk_reply_check_misses_the_file_that_is_spoken_of(desk: Switched) -> None:
    app = opened(desk)
    with app.test_request_context():
        ask = hooks(app).reply_check
        spoken = replace(DRAFT, text="The invoice is attached.")
        (owned,) = ask(spoken, TICKET, USER)
        assert owned.item.message == "You write of a file, but none is attached."
        assert ask(replace(spoken, file_names=("invoice.pdf",)), TICKET, USER) == []
        assert ask(DRAFT, TICKET, USER) == []
        db.engine.dispose()


def test_desk_inbound_prepare_takes_the_mark_off_and_desk_ticket_panels_name_the_customer(
    desk: Switched,
) -> None:
    app = opened(desk)
    with app.test_request_context():
        marked = replace(INBOUND, subject="[EXTERNAL] Tea")
        assert hooks(app).inbound_prepare(marked).subject == "Tea"
        (owned,) = hooks(app).ticket_panels(replace(TICKET, customer_name="Eva"), USER)
        assert owned.item.body == "Ann, this is Eva."
        db.engine.dispose()


def test_desk_deactivate_turns_the_sign_and_uninstalling_takes_the_words_away(
    desk: Switched, tmp_path: Path
) -> None:
    sign = tmp_path / "sign.txt"
    with desk.database() as connection:
        put = text("INSERT INTO plg_courtesy_words (name, words) VALUES ('sign', :place)")
        connection.execute(put, {"place": str(sign)})
        connection.commit()
    assert desk.order("deactivate", SLUG).is_done
    assert sign.read_text() == "closed"
    assert desk.order("uninstall", SLUG).is_done
    assert "plg_courtesy_words" not in desk.counts()
