"""Connecting whatever channel a plugin brings, in the browser, and what its page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from deskcore.config import Config, load_config
from deskcore.domain.people import SYSTEM
from deskcore.plugin.net import network_allowed
from deskcore.services import jobs, mailboxes
from tests.channels import accounts
from tests.channels.accounts import SECRET, an_account, lines, said, signed
from tests.web.conftest import Visitor

HOOK = re.compile(r"http://localhost(/in/[\w/-]+)")


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    accounts.install(tmp_path / "instance")
    return load_config(
        instance=tmp_path / "instance", database_url=database_url, plugins=accounts.PLUGINS
    )


def work() -> None:
    """Do what the worker would."""
    with network_allowed():
        while jobs.run_next("test"):
            pass


def connected(owner: Visitor, channel: str = "chat", secret: str = SECRET) -> str:
    """Go the way of an owner from the form to the page of the new mailbox; returns its path."""
    owner.get(f"/admin/mailboxes/new?channel={channel}")
    form = {"channel": channel, "address": "My Shop", "secret": secret, "port": "0"}
    answer = owner.post("/admin/mailboxes/new", {**form, "host": "127.0.0.1"})
    assert answer.status_code == 303, answer.text
    test = answer.headers["Location"]
    assert "Asking" in owner.get(test).text
    work()
    shown = owner.get(test).text
    assert "The mailbox works" in shown, shown
    kept = owner.post(f"{test}/keep", {"name": f"On {channel}", "team_ids": ["1"]})
    assert kept.status_code == 303, kept.text
    return str(kept.headers["Location"])


def push(owner: Visitor, page: str, *things: dict[str, str], secret: str = SECRET) -> int:
    """Push to the address that the page of the mailbox shows, as nobody in particular."""
    found = HOOK.search(page)
    assert found, page
    body = lines(*things)
    stranger = owner.client.application.test_client()
    with owner.client.application.app_context():
        return stranger.post(found[1], data=body, headers=signed(body, secret)).status_code


def test_every_channel_there_is_is_offered_with_the_form_of_its_settings(owner: Visitor) -> None:
    shown = owner.get("/admin/mailboxes/new").text
    assert "Mail address" in shown
    assert all(f'id="offer-{slug}"' in shown for slug in ("email", "chat", "feed"))
    shown = owner.get("/admin/mailboxes/new?channel=chat").text
    assert "Signing secret" in shown
    assert "Mail address" not in shown
    assert "delete mail" not in shown
    assert owner.get("/admin/mailboxes/new?channel=nothing").status_code == 404


def test_a_network_is_connected_and_says_where_to_push_and_what_came(owner: Visitor) -> None:
    place = connected(owner)
    shown = owner.get(place).text
    assert "Waits for its first message" in shown
    assert 'data-action="copy"' in shown
    assert "Older mail" not in shown
    assert SECRET not in shown
    assert push(owner, shown, said("Hello")) == 202
    shown = owner.get(place).text
    assert "last received" in shown
    assert "Works" in shown
    (view,) = mailboxes.mailboxes(SYSTEM)
    assert view.connections[0].address == "my shop"


def test_a_wrong_secret_is_seen_by_the_test_or_told_by_what_was_refused(owner: Visitor) -> None:
    owner.get("/admin/mailboxes/new?channel=chat")
    form = {"channel": "chat", "address": "x", "secret": "wrong", "port": "0", "host": "h"}
    test = owner.post("/admin/mailboxes/new", form).headers["Location"]
    work()
    assert "Copy it again." in owner.get(test).text
    place = connected(owner)
    for _ in range(2):
        assert push(owner, owner.get(place).text, said("Hello"), secret="another") == 401
    assert "2 messages were refused" in owner.get(place).text
    assert push(owner, owner.get(place).text, said("Hello")) == 202
    assert "refused" not in owner.get(place).text


def test_the_form_of_a_network_that_is_connected_does_not_show_its_secret(owner: Visitor) -> None:
    place = connected(owner)
    (view,) = mailboxes.mailboxes(SYSTEM)
    edit = f"/admin/mailboxes/connections/{view.connections[0].id}"
    shown = owner.get(edit).text
    assert "Signing secret" in shown
    assert SECRET not in shown
    assert push(owner, owner.get(place).text, said("Hello")) == 202


def test_accounts_of_an_app_are_shown_the_address_they_share(owner: Visitor) -> None:
    assert "http://localhost/in/app_chat<" in owner.get(connected(owner, "app_chat")).text


def test_a_network_that_is_listened_to_has_no_webhook(owner: Visitor) -> None:
    shown = owner.get(connected(owner, "feed")).text
    assert "Webhook" not in shown
    assert "nothing received yet" in shown
    assert "mail yet" not in shown


def test_a_thread_shows_what_became_of_its_messages(set_up: Flask, owner: Visitor) -> None:
    place = connected(owner)
    page = owner.get(place).text
    things = (
        said("Pleese", "1", file="gone"),
        {"kind": "edit", "target": "1", "content": "Please"},
        {"kind": "reaction", "target": "1", "content": "👍", "from": "jana", "name": "Jana"},
        said("Secret", "2"),
        {"kind": "unsend", "target": "2"},
    )
    assert push(owner, page, *things) == 202
    work()
    inbox = owner.get("/v/open").text
    number = re.search(r'href="/t/(\d+)', inbox)
    assert number, inbox
    shown = owner.get(f"/t/{number[1]}").text
    for words in ("Please", "Edited: show what it said before", "Pleese", "👍", "taken back"):
        assert words in shown, words
    assert "could not be fetched: The network does not keep this file any more." in shown
    assert "Secret" not in shown.replace("Signing secret", "")


def test_an_answer_is_typed_in_the_composer_and_goes_to_who_wrote(owner: Visitor) -> None:
    assert push(owner, owner.get(connected(owner)).text, said("Hello")) == 202
    work()
    number = re.search(r'href="/t/(\d+)', owner.get("/v/open").text)
    assert number
    path = f"/t/{number[1]}"
    shown = owner.get(path).text
    form = dict(re.findall(r'name="(form_key|version|seen_upto)"[^>]* value="([^"]*)"', shown))
    answer = owner.post(
        f"{path}/reply",
        {**form, "mode": "reply", "body": "Hi", "to": "jana", "status": "waiting_customer"},
    )
    assert answer.status_code == 303, answer.text
    assert "Hi" in owner.get(path).text


def test_nobody_writes_first_on_a_network(owner: Visitor) -> None:
    an_account()
    (view,) = mailboxes.mailboxes(SYSTEM)
    owner.get("/new")
    form = {"to": "a@b.example", "subject": "S", "body": "B", "mailbox": str(view.id)}
    answer = owner.post("/new", form)
    assert "can only answer who has written to it" in answer.text
