"""Channels on the tests' servers, closed after each test; the network is open as in the worker."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from deskcore.plugin.net import network_allowed
from plugins.email.channel import EmailChannel
from tests.email import accounts
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

Connect = Callable[..., EmailChannel]


@pytest.fixture
def connect(dovecot: Dovecot, postfix: Postfix) -> Iterator[Connect]:
    """Give a function that makes a channel: ``connect("a@desk.test", start="now")``."""
    made: list[EmailChannel] = []

    def make(address: str, **options: Any) -> EmailChannel:
        made.append(accounts.channel(dovecot, postfix, address, **options))
        return made[-1]

    with network_allowed():
        yield make
    for channel in made:
        channel.close()
