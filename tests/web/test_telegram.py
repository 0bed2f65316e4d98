"""A bot is connected in the browser: its token is tried first, its webhook set by the desk itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from deskcore.config import Config, load_config
from deskcore.domain.people import SYSTEM
from deskcore.plugin.net import network_allowed
from deskcore.services import channels, jobs, mailboxes
from plugins.telegram.tests.bot_api import ANN, BotApi
from plugins.telegram.tests.pushes import TOKEN
from tests.web.conftest import Visitor

NEW = "/admin/mailboxes/new"


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    return load_config(
        instance=tmp_path / "instance",
        database_url=database_url,
        plugins=("email", "spam", "telegram"),
        base_url="https://desk.example",
        trusted_hosts=("localhost",),
    )


@pytest.fixture
def bot() -> Iterator[BotApi]:
    with BotApi() as there:
        yield there


def work() -> None:
    """Do what the worker would."""
    with network_allowed():
        while jobs.run_next("test"):
            pass


def form_of(bot: BotApi, **other: str) -> dict[str, str]:
    """Fill the form in for a bot."""
    filled = {"channel": "telegram", "address": "tea_shop_bot", "token": TOKEN, "way": "poll"}
    return {**filled, "server": "127.0.0.1", "port": str(bot.port), "encrypted": "", **other}


def tried(owner: Visitor, form: dict[str, str]) -> tuple[str, str]:
    """Try a connection; returns where its test is shown, and what is shown there."""
    owner.get(f"{NEW}?channel=telegram")
    answer = owner.post(NEW, form)
    assert answer.status_code == 303, answer.text
    work()
    place = answer.headers["Location"]
    return place, owner.get(place).text


def connected(owner: Visitor, form: dict[str, str]) -> str:
    """Connect a bot; returns the page of its mailbox."""
    place, shown = tried(owner, form)
    assert "The mailbox works" in shown, shown
    kept = owner.post(f"{place}/keep", {"name": "Bot", "team_ids": ["1"]})
    assert kept.status_code == 303, kept.text
    return owner.get(str(kept.headers["Location"])).text


def test_a_token_is_tried_before_it_is_kept_and_what_helps_is_said(
    owner: Visitor, bot: BotApi
) -> None:
    shown = owner.get(f"{NEW}?channel=telegram").text
    assert "BotFather" in shown
    answer = owner.post(NEW, form_of(bot, token="123:short"))
    assert answer.status_code == 422
    assert "This is no bot token" in answer.text
    _place, shown = tried(owner, form_of(bot, token="987654321:AAF-another_token_nobody_knows"))
    assert "Telegram does not know this token." in shown
    assert "/mybots" in shown
    _place, shown = tried(owner, form_of(bot, address="@other_bot"))
    assert "The token belongs to @tea_shop_bot" in shown
    shown = connected(owner, form_of(bot, address="@tea_shop_bot"))
    assert "Enter this address" not in shown, "Nobody has to enter a webhook by hand."
    assert TOKEN not in shown
    assert bot.changes == 0


@pytest.mark.parametrize(
    ("language", "words"),
    [("cs", "Jak přicházejí zprávy"), ("ru", "Как приходят сообщения")],
)
def test_the_form_speaks_the_readers_language(owner: Visitor, language: str, words: str) -> None:
    form = {"name": "Eva", "language": language, "theme": "auto", "density": "cosy"}
    owner.get("/me")
    assert owner.post("/me", form).status_code == 303
    assert words in owner.get(f"{NEW}?channel=telegram").text


def test_a_bot_that_pushes_is_told_where_and_is_believed_by_its_secret_alone(
    set_up: Flask, owner: Visitor, bot: BotApi
) -> None:
    connected(owner, form_of(bot, way="webhook"))
    (view,) = mailboxes.mailboxes(SYSTEM)
    with network_allowed():
        assert list(channels.build_by_id(view.connections[0].id).receive(None)) == []
    place = str(bot.webhook["url"])
    assert place.startswith("https://desk.example/in/telegram/")
    bot.say("Is it in again?", chat=ANN)
    bot.say("Hello?", chat=ANN)
    statuses = []
    for request in bot.pushes():
        for headers in (dict(request.headers), {}):
            with owner.client.application.app_context():
                stranger = owner.client.application.test_client()
                path = place.removeprefix("https://desk.example")
                answer = stranger.post(path, data=request.body, headers=headers)
            statuses.append(answer.status_code)
    assert statuses == [200, 401] * 2
    work()
    inbox = owner.get("/v/open").text
    number = re.search(r'href="/t/(\d+)', inbox)
    assert number, inbox
    shown = owner.get(f"/t/{number[1]}").text
    assert "Is it in again?" in shown
    assert "Hello?" in shown
