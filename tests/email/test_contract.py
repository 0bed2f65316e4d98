"""E-mail passes the contract kit."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path

from deskcore.plugin import Payload
from deskcore.testing import channel_contract
from plugins.email.channel import EmailChannel
from tests.email.network import ADDRESS, a_mail_network, written
from tests.faults.imap_server import PASSWORD


def text_of(payload: Payload) -> str:
    """Read the words of a mail that is to be sent."""
    body = message_from_bytes(payload.content, policy=policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


TestEmail = channel_contract(
    EmailChannel,
    settings={
        "imap_host": "127.0.0.1",
        "imap_user": ADDRESS,
        "password": PASSWORD,
        "smtp_host": "127.0.0.1",
    },
    samples=Path(__file__).parent / "samples",
    far_side=a_mail_network,
    write=written,
    text_of=text_of,
    recipient="ann@customer.test",
    address=ADDRESS,
)
