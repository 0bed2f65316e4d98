"""XMPP passes the contract kit, against a server that fails on purpose."""

from __future__ import annotations

from deskcore.testing import channel_contract
from plugins.xmpp.channel import XmppChannel
from plugins.xmpp.tests.network import ADDRESS, COMPONENT, SECRET, XmppNetwork, a_message

TestXmpp = channel_contract(
    XmppChannel,
    settings={"host": "127.0.0.1", "port": 1, "component": COMPONENT, "secret": SECRET},
    samples="tests/samples",
    far_side=XmppNetwork,
    write=a_message,
    recipient="ann@xmpp.test",
    address=ADDRESS,
)
