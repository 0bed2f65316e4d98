"""XMPP passes the contract kit at Prosody and at ejabberd, with slixmpp as the customers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deskcore.testing import channel_contract
from plugins.xmpp.channel import XmppChannel
from plugins.xmpp.tests.network import a_message
from tests.servers.xmpp import COMPONENT, SECRET, XmppServer
from tests.xmpp.far_side import RealXmpp, a_far_side

# A component is connected once: the tests of a server run one after another.
pytestmark = pytest.mark.xdist_group("xmpp")


@pytest.fixture
def at_prosody(prosody: XmppServer) -> Iterator[RealXmpp]:
    """Give customers at Prosody."""
    with a_far_side(prosody) as far:
        yield far


@pytest.fixture
def at_ejabberd(ejabberd: XmppServer) -> Iterator[RealXmpp]:
    """Give customers at ejabberd."""
    with a_far_side(ejabberd) as far:
        yield far


SAID: dict[str, Any] = {
    "settings": {"host": "127.0.0.1", "port": 1, "component": COMPONENT, "secret": SECRET},
    "samples": Path(__file__).parents[2] / "plugins" / "xmpp" / "tests" / "samples",
    "write": a_message,
    "recipient": "ann@xmpp.test",
    "address": f"help@{COMPONENT}",
}

TestXmppAtProsody = channel_contract(XmppChannel, far_side="at_prosody", **SAID)
TestXmppAtEjabberd = channel_contract(XmppChannel, far_side="at_ejabberd", **SAID)
