"""What real servers say to the channel itself: tests of a connection, refusals, orderly ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic, sleep

import pytest

from deskcore.clock import now
from deskcore.domain.messages import Address, AttachmentRef, OutboundMessage
from deskcore.plugin import AccountView, Net, RawItem, Refused, Secret, SignInFailed
from deskcore.plugin.net import ANY_PORT, network_allowed
from plugins.xmpp.channel import XmppChannel
from plugins.xmpp.settings import XmppSettings
from plugins.xmpp.tests.customer import Customer
from tests.servers.xmpp import XmppServer
from tests.xmpp.shop import ADDRESS

pytestmark = pytest.mark.xdist_group("xmpp")


@pytest.fixture(params=["prosody", "ejabberd"])
def server(request: pytest.FixtureRequest) -> Iterator[XmppServer]:
    """Give each of the servers, with the network open as in a worker."""
    found: XmppServer = request.getfixturevalue(request.param)
    with network_allowed():
        yield found.now()


def a_channel(server: XmppServer, *, secret: str = "", files: str = "") -> XmppChannel:
    settings = XmppSettings(
        host=server.host,
        port=server.component_port,
        component=server.component,
        secret=Secret(secret or server.secret),
        files=files,
    )
    account = AccountView(id=1, name="Tea shop", address=ADDRESS, settings=settings)
    return XmppChannel(account, Net(plugin="xmpp", allow_private=True, web_ports=ANY_PORT))


class Held:
    """A channel that listens in a thread, as a worker has it."""

    def __init__(self, channel: XmppChannel) -> None:
        self.items: list[RawItem] = []
        self.stands = Event()
        self.thread = Thread(target=self._listen, args=(channel,), daemon=True)

    def _listen(self, channel: XmppChannel) -> None:
        with network_allowed():
            for heard in channel.listen(None):
                self.stands.set()
                if isinstance(heard, RawItem):
                    self.items.append(heard)


@contextmanager
def held(channel: XmppChannel) -> Iterator[Held]:
    holding = Held(channel)
    holding.thread.start()
    assert holding.stands.wait(10)
    try:
        yield holding
    finally:
        channel.close()
        holding.thread.join(10)
        assert not holding.thread.is_alive()


def test_a_test_changes_nothing_and_looks_over_the_held_line(server: XmppServer) -> None:
    channel = a_channel(server)
    alone = channel.check()
    with held(channel):
        over_it = channel.check()
    assert all(each.ok for each in (*alone, *over_it))
    assert any("upload.xmpp.test" in each.message for each in alone)
    assert over_it[0].message == "The desk is connected."
    [wrong] = a_channel(server, secret="another").check()
    assert not wrong.ok
    assert "secret" in wrong.cure
    with pytest.raises(SignInFailed):
        next(a_channel(server, secret="another").listen(None))


def test_an_address_that_nobody_has_is_refused_in_words(server: XmppServer) -> None:
    message = OutboundMessage(
        external_id="d.0123456789abcdefghijkl@chat.xmpp.test",
        token="0123456789abcdefghijkl",
        sender=Address(value=ADDRESS),
        to=(Address(value=f"nobody@{server.domain}"),),
        text="Hello?",
        sent_at=now(),
    )
    channel = a_channel(server)
    (payload,) = channel.render(message)
    committed: list[int] = []
    with held(channel), pytest.raises(Refused, match="no such address"):
        channel.send(payload, key="k", committing=lambda: committed.append(1))
    assert committed == [1]


def test_what_is_said_while_the_desk_says_good_bye_is_kept_or_given_back(
    server: XmppServer,
) -> None:
    channel, said = a_channel(server), []
    with Customer(server, "ann") as ann:
        with held(channel) as holding:
            for number in range(40):
                said.append(ann.say(ADDRESS, f"number {number}"))
                if number == 20:
                    channel.close()
            ann.settle()
        # On a slow machine the desk may have left after the last one.
        until = monotonic() + 20
        while monotonic() < until and not any(said[-1] in {h.id, h.receipt} for h in ann.heard):
            sleep(0.05)
        given_back = {heard.id for heard in ann.heard if heard.kind == "error"}
    kept = {
        each
        for each in said
        if any(f'id="{each}"'.encode() in item.content for item in holding.items)
    }
    confirmed = {heard.receipt for heard in ann.heard if heard.receipt}
    missing = [number for number, each in enumerate(said) if each not in kept | given_back]
    assert not kept & given_back
    assert confirmed <= kept
    # ejabberd itself drops what it hands to a component that ends at that instant; no receipt says so.
    assert len(missing) <= (3 if server.kind == "ejabberd" else 0), missing


def test_files_of_strangers_are_not_fetched_from_the_house(server: XmppServer) -> None:
    open_house = a_channel(server)
    at_home = f"http://127.0.0.1:{server.http_port}/"
    for address in (at_home, "http://169.254.169.254/x", "http://[::1]/", "file:///etc/passwd"):
        with pytest.raises(Refused):
            list(open_house.fetch(AttachmentRef(ref=address)))
    named = a_channel(server, files=at_home)
    with pytest.raises(Refused, match="does not have this file"):
        list(named.fetch(AttachmentRef(ref=f"{at_home}upload/nothing/here.png")))
    with pytest.raises(Refused):
        list(named.fetch(AttachmentRef(ref=f"http://127.0.0.1:{server.port}/")))
