"""The three echo channels pass the whole kit."""

from __future__ import annotations

from deskcore.testing import channel_contract
from tests.channels.contracts import said_of
from tests.channels.echo_listening.channel import EchoListening
from tests.channels.echo_polled.channel import EchoPolled
from tests.channels.echo_pushed.channel import EchoPushed

TestEchoPolled = channel_contract(EchoPolled, **said_of(EchoPolled))
TestEchoPushed = channel_contract(EchoPushed, **said_of(EchoPushed))
TestEchoListening = channel_contract(EchoListening, **said_of(EchoListening))
