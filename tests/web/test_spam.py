"""Spam and bans in a browser without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.extensions import db
from deskcore.services import plugin_pages
from deskcore.services.unit import unit_of_work
from plugins.spam import memory
from tests.factories import a_customer, a_mailbox, a_ticket, a_user
from tests.plugin.authoring import write_plugin
from tests.web.conftest import Visitor
from tests.web.test_tickets import PARTIAL


def test_a_sender_is_banned_from_the_card_on_the_ticket_and_the_ban_lifted_again(
    owner: Visitor,
) -> None:
    customer = a_customer(address="pest@annoying.example")
    number = a_ticket(a_mailbox(), customer=customer)
    link = f"/p/spam/bans/new?customer={customer[0]}"
    for path in (f"/t/{number}", f"/customers/{customer[0]}"):
        assert f'href="{link}"' in owner.get(path).text
    assert 'value="pest@annoying.example"' in owner.get(link).text
    answer = owner.post("/p/spam/bans", {"who": "pest@annoying.example", "reason": "Insults"})
    assert answer.status_code == 303
    page = owner.get("/p/spam/").text
    assert "pest@annoying.example" in page
    assert "Insults" in page
    assert "Eva Nová" in page
    assert owner.post("/p/spam/bans/1/lift").status_code == 303
    assert "Nobody is banned" in owner.get("/p/spam/").text
    audit = owner.get("/admin/audit").text
    assert "banned a sender" in audit
    assert "lifted a ban" in audit


def test_what_is_wrong_with_a_ban_is_said_beside_its_field(owner: Visitor) -> None:
    owner.get("/p/spam/bans/new")
    answer = owner.post("/p/spam/bans", {"who": "gmail.com", "reason": "Insults"})
    assert answer.status_code == 422
    assert "ban single addresses" in answer.text
    assert 'value="Insults"' in answer.text


def test_the_page_says_that_too_little_was_learned(owner: Visitor) -> None:
    assert "Too little learned to judge: it needs 20 tickets" in owner.get("/p/spam/").text
    with unit_of_work() as unit:
        for number in range(1, 41):
            memory.learn(unit, number, [number], is_spam=number % 2 == 0)
    assert "It files as spam what it is 95% sure of." in owner.get("/p/spam/").text


def test_settings_of_the_filter_are_a_generated_form(owner: Visitor) -> None:
    page = owner.get("/p/spam/settings").text
    assert "File spam by itself" in page
    wrong = {"files_spam": "1", "warns": "1", "spam_from": "70", "warn_from": "90"}
    answer = owner.post("/p/spam/settings", {**wrong, "lessons_needed": "20"})
    assert answer.status_code == 422
    assert "Warn at fewer percent" in answer.text
    right = {"spam_from": "99", "warn_from": "70", "lessons_needed": "50"}
    assert owner.post("/p/spam/settings", right).status_code == 303
    page = owner.get("/p/spam/").text
    assert "It is off, but goes on learning." in page
    assert "changed the settings of a plugin" in owner.get("/admin/audit").text


def test_the_buttons_of_a_ticket_answer_as_page_and_as_part(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    owner.get(f"/t/{number}")
    assert owner.post(f"/t/{number}/spam", {"is_spam": "1"}).status_code == 303
    head = owner.get(f"/t/{number}", headers={**PARTIAL, "HX-Target": "header#ticket-head"}).text
    assert "This is among the spam" in head
    assert "Not spam" in head
    assert owner.post(f"/t/{number}/spam", {"is_spam": "0"}).status_code == 303
    assert "This is among the spam" not in owner.get(f"/t/{number}").text


VIEWS = """
from flask import Blueprint
from deskcore.api.web import needs, page
from deskcore.plugin import hookimpl

blueprint = Blueprint("tea", __name__)

{decorators}
def cup():
    return "a cup of tea"

@hookimpl
def desk_blueprints():
    return [blueprint]
"""


@pytest.mark.parametrize(
    ("decorators", "status"),
    [
        ('@blueprint.get("/cup")\n@needs("ticket.read")', 303),  # to sign in
        ('@blueprint.get("/cup")', 404),
        ('@blueprint.get("/cup")\n@needs("tea.cup.drink")', 404),
        ('@blueprint.get("/cup")\n@needs("spam.sender.ban")', 404),  # another plugin's
    ],
)
def test_desk_blueprints_without_a_right_are_left_out_and_the_desk_starts(
    tmp_path: Path, sqlite_url: str, decorators: str, status: int
) -> None:
    write_plugin(tmp_path / "plugins", "tea", VIEWS.format(decorators=decorators))
    config = load_config(instance=tmp_path, database_url=sqlite_url, plugins=("spam", "tea"))
    app: Flask = create_app(config)
    assert app.test_client().get("/sign-in").status_code in {200, 303}
    assert (app.test_client().get("/p/tea/cup").status_code == 404) == (status == 404)
    with app.app_context():
        assert bool(plugin_pages.plugin_line(a_user("admin"), "tea").faults) == (status == 404)
        db.engine.dispose()
