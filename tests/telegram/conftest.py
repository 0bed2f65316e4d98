"""A desk whose only network is Telegram, and a server that plays the Bot API."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from deskcore.config import load_config
from deskcore.domain.people import Actor
from deskcore.plugin.net import network_allowed
from deskcore.services import sending
from deskcore.services.turns import Turns
from plugins.telegram.tests.bot_api import BotApi
from tests import factories
from tests.databases import opened
from tests.telegram import desk


@pytest.fixture
def app(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    wanted = load_config(
        instance=tmp_path / "instance",
        database_url=database_url,
        plugins=desk.PLUGINS,
        base_url="https://desk.example",
    )
    # Time passes between any two looks: turns have a test of their own.
    monkeypatch.setattr(sending, "TURNS", Turns(time=itertools.count(0, 100).__next__))
    with opened(wanted, has_pages=False) as found, network_allowed():
        yield found


@pytest.fixture
def bot() -> Iterator[BotApi]:
    with BotApi() as there:
        yield there


@pytest.fixture
def account_id(app: Flask, bot: BotApi) -> int:
    return desk.an_account(bot)


@pytest.fixture
def owner(app: Flask) -> Actor:
    return factories.a_user("owner")
