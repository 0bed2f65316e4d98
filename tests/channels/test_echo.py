"""The echo channels speak with their network: the shapes in which news can come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from deskcore.clock import now
from deskcore.domain.messages import Address, OutboundMessage
from deskcore.plugin import AccountView, Channel, Net, Refused, Rejected, Secret, TryLater, Unsure
from deskcore.plugin.net import ANY_PORT, network_allowed
from deskcore.testing import Fault, too_many
from tests.channels.echo_listening.channel import EchoListening
from tests.channels.echo_polled.channel import EchoPolled
from tests.channels.echo_pushed.channel import EchoPushed
from tests.channels.simulator import SECRET, TOKEN, EchoNetwork, batch, signed

C = TypeVar("C", bound=Channel)


@pytest.fixture
def network() -> Iterator[EchoNetwork]:
    with network_allowed(), EchoNetwork() as there:
        yield there


def channel(kind: type[C], network: EchoNetwork) -> C:
    values: dict[str, object] = {**network.settings, "token": Secret(TOKEN)}
    if kind is EchoPushed:
        values["secret"] = Secret(SECRET)
    account = AccountView(id=1, name="Echo", address="shop", settings=kind.settings(**values))
    return kind(account, Net(plugin=kind.slug, allow_private=True, web_ports=ANY_PORT))


def an_answer(text: str) -> OutboundMessage:
    return OutboundMessage(
        external_id="d.1@desk.test",
        token="t",
        sender=Address(value="shop"),
        to=(Address(value="u1"),),
        text=text,
        sent_at=now(),
    )


def test_polled_channel_gives_each_event_once(network: EchoNetwork) -> None:
    polled = channel(EchoPolled, network)
    network.say("m1", "Hello")
    network.say("m2", "Hello again")
    first, second = polled.receive(None)
    assert [item.external_id for item in polled.receive(first.cursor)] == [second.external_id]
    polled.acknowledge([first, second])
    assert network.seen == ["2"]
    assert list(polled.receive(second.cursor)) == []


def test_pushed_channel_believes_what_is_signed_and_only_that(network: EchoNetwork) -> None:
    pushed = channel(EchoPushed, network)
    request = signed(batch([b'{"id": "m1"}', b"nonsense"]))
    pushed.verify(request)
    names = [item.external_id for item in pushed.unpack(request).items]
    assert (names[0], len(names)) == ("m1", 2)
    with pytest.raises(Rejected, match="wrong"):
        pushed.verify(signed(b"{}", secret="other"))
    with pytest.raises(Rejected, match="old"):
        pushed.verify(signed(b"{}", seconds_ago=400))


def test_listening_channel_hears_and_goes_on_after_a_cut(network: EchoNetwork) -> None:
    listening = channel(EchoListening, network)
    network.say("m1", "Hello")
    held = listening.listen(None)
    first = next(held)
    network.drop()
    with pytest.raises(TryLater):
        next(held)
    network.say("m2", "Hello again")
    again = listening.listen(first.cursor)
    assert next(again).cursor == "2"
    listening.close()
    with pytest.raises(TryLater):
        next(again)


def test_what_a_key_has_sent_is_not_sent_again(network: EchoNetwork) -> None:
    polled = channel(EchoPolled, network)
    (payload,) = polled.render(an_answer("Hello"))
    network.fail(Fault(how="lost"))
    with pytest.raises(Unsure):
        polled.send(payload, key="k", committing=lambda: None)
    polled.send(payload, key="k", committing=lambda: None)
    assert [said["text"] for said in network.sent.values()] == ["Hello"]


@pytest.mark.parametrize("as_date", [False, True])
def test_patience_is_passed_on(network: EchoNetwork, as_date: bool) -> None:  # noqa: FBT001  pytest passes by name
    polled = channel(EchoPolled, network)
    network.fail(too_many(90, as_date=as_date))
    with pytest.raises(TryLater) as raised:
        list(polled.receive(None))
    assert raised.value.after is not None
    assert timedelta(seconds=85) < raised.value.after <= timedelta(seconds=90)


def test_long_text_is_parted_between_words(network: EchoNetwork) -> None:
    polled = channel(EchoPolled, network)
    text = "слово 👩🏽‍💻 " * 100
    parts = [payload.part for payload in polled.render(an_answer(text))]
    assert parts == [f"u1:{number}/{len(parts)}" for number in range(1, len(parts) + 1)]
    with pytest.raises(Refused):
        polled.render(an_answer("x" * 501))


@pytest.mark.parametrize("name", ["events.py", "wire.py"])
def test_what_the_echo_channels_say_alike_is_the_same_file_in_each(name: str) -> None:
    here = Path(__file__).parent
    said = {path.read_text(encoding="utf-8") for path in here.glob(f"echo_*/{name}")}
    assert len(list(here.glob(f"echo_*/{name}"))) == 3
    assert len(said) == 1, f"{name} was changed in one of them: a plugin brings all of its own"
