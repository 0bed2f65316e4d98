"""E-mail passes the contract kit, with servers that fail on purpose and with real ones."""

from __future__ import annotations

from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from deskcore.plugin import Payload
from deskcore.testing import channel_contract
from plugins.email.channel import EmailChannel
from tests.email.network import ADDRESS, RealMail, a_mail_network, written
from tests.faults.imap_server import PASSWORD
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

# The real server counts the mails of all checks together: they run one after another.
pytestmark = pytest.mark.xdist_group("email-contract")


def text_of(payload: Payload) -> str:
    """Read the words of a mail that is to be sent."""
    body = message_from_bytes(payload.content, policy=policy.default).get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@pytest.fixture
def real_mail(dovecot: Dovecot, postfix: Postfix) -> RealMail:
    """Give a mailbox of this test's own at the real servers."""
    return RealMail(dovecot, postfix)


SAID: dict[str, Any] = {
    "settings": {
        "imap_host": "127.0.0.1",
        "imap_user": ADDRESS,
        "password": PASSWORD,
        "smtp_host": "127.0.0.1",
    },
    "samples": Path(__file__).parent / "samples",
    "write": written,
    "text_of": text_of,
    "recipient": "ann@customer.test",
    "address": ADDRESS,
}

TestEmail = channel_contract(EmailChannel, far_side=a_mail_network, **SAID)
TestEmailAtRealServers = channel_contract(EmailChannel, far_side="real_mail", **SAID)
