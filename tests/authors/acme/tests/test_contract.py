"""Acme passes the contract of channels; each failure says what it leads to."""

from __future__ import annotations

import json

from deskcore.plugin import Payload
from deskcore.testing import channel_contract
from plugins.acme.channel import Acme
from plugins.acme.tests.network import SECRET, TOKEN, AcmeNetwork, batch, signed


def text_of(payload: Payload) -> str:
    """Find the words in a form."""
    return str(json.loads(payload.content)["body"])


TestAcme = channel_contract(
    Acme,
    settings={"host": "127.0.0.1", "port": 1, "encrypted": False, "token": TOKEN, "secret": SECRET},
    samples="tests/samples",
    far_side=AcmeNetwork,
    sign=signed,
    batch=batch,
    text_of=text_of,
)
