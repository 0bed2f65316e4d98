"""XMPP passes the contract kit at Prosody and at ejabberd, with slixmpp as the customers.

Each is left out, with the reason in the report, on a machine where it is not installed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from deskcore.testing import channel_contract
from plugins.xmpp.channel import XmppChannel
from plugins.xmpp.tests.far_side import RealXmpp, a_far_side
from plugins.xmpp.tests.network import COMPONENT, SECRET, a_message
from plugins.xmpp.tests.servers import Kind, Place, missing, running


def a_server(kind: Kind, folders: pytest.TempPathFactory) -> Iterator[Place]:
    if why := missing(kind):
        pytest.skip(why)
    with running(kind, folders.mktemp(kind)) as place:
        yield place


@pytest.fixture(scope="module")
def prosody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from a_server("prosody", tmp_path_factory)


@pytest.fixture(scope="module")
def ejabberd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    yield from a_server("ejabberd", tmp_path_factory)


@pytest.fixture
def at_prosody(prosody: Place) -> Iterator[RealXmpp]:
    """Give customers at Prosody."""
    with a_far_side(prosody) as far:
        yield far


@pytest.fixture
def at_ejabberd(ejabberd: Place) -> Iterator[RealXmpp]:
    """Give customers at ejabberd."""
    with a_far_side(ejabberd) as far:
        yield far


SAID: dict[str, Any] = {
    "settings": {"host": "127.0.0.1", "port": 1, "component": COMPONENT, "secret": SECRET},
    "samples": "tests/samples",
    "write": a_message,
    "recipient": "ann@xmpp.test",
    "address": f"help@{COMPONENT}",
}

TestXmppAtProsody = channel_contract(XmppChannel, far_side="at_prosody", **SAID)
TestXmppAtEjabberd = channel_contract(XmppChannel, far_side="at_ejabberd", **SAID)
