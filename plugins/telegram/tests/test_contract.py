"""Telegram passes the contract of channels, against a server that plays the Bot API."""

from __future__ import annotations

import json

from deskcore.plugin import Payload
from deskcore.testing import channel_contract
from plugins.telegram.channel import Telegram
from plugins.telegram.tests.bot_api import ANN, USERNAME, BotApi
from plugins.telegram.tests.pushes import TOKEN, batch, signed


def text_of(payload: Payload) -> str:
    """Find the words in a form."""
    return str(json.loads(payload.content)["text"])


TestTelegram = channel_contract(
    Telegram,
    settings={"token": TOKEN},
    samples="tests/samples",
    far_side=BotApi,
    sign=signed,
    batch=batch,
    text_of=text_of,
    recipient=str(ANN),
    address=USERNAME,
)
