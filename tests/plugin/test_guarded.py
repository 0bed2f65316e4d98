"""A channel behind the guard."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import ClassVar

import pytest

from deskcore.domain.messages import Ignored, Inbound, InboundMessage, OutboundMessage, ThreadKeys
from deskcore.errors import Conflict
from deskcore.plugin import deadlines
from deskcore.plugin.channel import (
    AccountView,
    Capabilities,
    Channel,
    HealthCheck,
    Payload,
    Polled,
    Push,
    Pushed,
    RawItem,
    SendResult,
    TryLater,
    WebhookRequest,
)
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import Guard
from deskcore.plugin.guarded import GuardedChannel
from deskcore.plugin.marks import Marks, read_marks
from deskcore.plugin.net import Net
from deskcore.plugin.parts import Owned
from deskcore.plugin.settings import PluginSettings, setting
from tests.plugin.recording import KeptFaults
from tests.plugin.values import INBOUND, OUTBOUND


class NoteSettings(PluginSettings):
    text: str = setting("Text", default="hello")


def note(number: int) -> RawItem:
    return RawItem(
        external_id=str(number),
        cursor=str(number),
        received_at=datetime(2026, 11, 21, tzinfo=UTC),
        content=b"note",
    )


class Notes(Channel, Polled):
    """A channel that keeps notes in memory and can be told what to do wrong."""

    slug = "notes"
    label = "Notes"
    settings = NoteSettings
    can = Capabilities()
    wrong: ClassVar[Callable[[], object] | None] = None
    acknowledged: ClassVar[list[str]] = []

    def _do(self, right: object) -> object:
        return right if Notes.wrong is None else Notes.wrong()

    def parse(self, raw: RawItem) -> list[Inbound]:
        return self._do([Ignored(reason="a note")])  # type: ignore[return-value]  # may be wrong

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        return self._do(ThreadKeys(own="1"))  # type: ignore[return-value]  # may be wrong

    def render(self, message: OutboundMessage) -> list[Payload]:
        return self._do([Payload(part="all", content=b"x")])  # type: ignore[return-value]  # as above

    def send(self, payload: Payload, *, key: str, committing: Callable[[], None]) -> SendResult:
        committing()
        return self._do(SendResult(parts={}))  # type: ignore[return-value]  # may be wrong

    def check(self) -> list[HealthCheck]:
        return self._do([])  # type: ignore[return-value]  # may be wrong

    def receive(self, cursor: str | None) -> Iterator[RawItem]:
        yield note(1)
        self._do(None)
        yield note(2)

    def acknowledge(self, items: Sequence[RawItem]) -> None:
        self._do(None)
        Notes.acknowledged.extend(item.external_id for item in items)


ACCOUNT = AccountView(id=1, name="Notes", address="", settings=NoteSettings())


@pytest.fixture
def kept() -> KeptFaults:
    return KeptFaults()


@pytest.fixture
def channel(kept: KeptFaults) -> Iterator[GuardedChannel]:
    Notes.wrong = None
    Notes.acknowledged.clear()
    kind: Owned[type[Channel]] = Owned(slug="tea", item=Notes)
    yield GuardedChannel(kind, ACCOUNT, Net(plugin="tea"), Guard(sink=kept))
    Notes.wrong = None


def nothing() -> None:
    """Commit nothing."""


def test_a_guarded_channel_answers_as_the_channel_does(channel: GuardedChannel) -> None:
    assert channel.parse(note(1)) == [Ignored(reason="a note")]
    assert channel.thread_keys(INBOUND).own == "1"
    (payload,) = channel.render(OUTBOUND)
    assert channel.send(payload, key="k", committing=nothing).parts == {}
    assert channel.check() == []
    assert [item.external_id for item in channel.receive(None)] == ["1", "2"]
    channel.acknowledge([note(1)])
    assert Notes.acknowledged == ["1"]
    assert channel.wait(0.0) is False
    assert list(channel.backlog(None)) == []
    channel.close()


CALLS: dict[str, Callable[[GuardedChannel], object]] = {
    "parse": lambda channel: channel.parse(note(1)),
    "thread_keys": lambda channel: channel.thread_keys(INBOUND),
    "render": lambda channel: channel.render(OUTBOUND),
    "send": lambda channel: channel.send(
        Payload(part="all", content=b""), key="k", committing=nothing
    ),
    "check": lambda channel: channel.check(),
    "receive": lambda channel: list(channel.receive(None)),
    "acknowledge": lambda channel: channel.acknowledge([note(1)]),
}


def raises() -> object:
    raise ZeroDivisionError


@pytest.mark.parametrize("place", CALLS)
@pytest.mark.parametrize("wrong", [raises, sys.exit])
def test_whatever_a_channel_raises_is_its_fault_by_place(
    channel: GuardedChannel, kept: KeptFaults, place: str, wrong: Callable[[], object]
) -> None:
    Notes.wrong = wrong
    with pytest.raises(PluginFailed):
        CALLS[place](channel)
    assert [(fault.slug, fault.place) for fault in kept.faults] == [("tea", place)]


@pytest.mark.parametrize("place", ["parse", "thread_keys", "render", "send", "check"])
@pytest.mark.parametrize("answer", [None, "text", [1]])
def test_a_wrong_answer_of_a_channel_is_its_fault(
    channel: GuardedChannel, kept: KeptFaults, place: str, answer: object
) -> None:
    Notes.wrong = lambda: answer
    with pytest.raises(PluginFailed):
        CALLS[place](channel)
    assert [fault.place for fault in kept.faults] == [place]


@pytest.mark.parametrize("place", CALLS)
def test_channel_failures_are_no_faults(
    channel: GuardedChannel, kept: KeptFaults, place: str
) -> None:
    def busy() -> object:
        raise TryLater("Busy.")

    Notes.wrong = busy
    with pytest.raises(TryLater):
        CALLS[place](channel)
    assert kept.faults == []


def test_what_came_before_a_fault_is_received(channel: GuardedChannel) -> None:
    Notes.wrong = raises
    items = channel.receive(None)
    assert next(items).external_id == "1"
    with pytest.raises(PluginFailed):
        next(items)


def test_cores_own_error_while_committing_is_not_the_plugins_fault(
    channel: GuardedChannel, kept: KeptFaults
) -> None:
    def conflict() -> None:
        raise Conflict("Somebody else is sending it.")

    with pytest.raises(Conflict):
        channel.send(Payload(part="all", content=b""), key="k", committing=conflict)
    assert kept.faults == []


def test_a_channel_that_cannot_be_made_is_a_fault(kept: KeptFaults) -> None:
    class Unmade(Notes):
        def __init__(self, account: AccountView, net: Net) -> None:
            raise LookupError(account.name)

    kind: Owned[type[Channel]] = Owned(slug="tea", item=Unmade)
    with pytest.raises(PluginFailed):
        GuardedChannel(kind, ACCOUNT, Net(plugin="tea"), Guard(sink=kept))
    assert [fault.place for fault in kept.faults] == ["open"]


def test_the_process_is_marked_while_a_channel_sends(tmp_path: Path) -> None:
    marks = Marks(tmp_path)
    kind: Owned[type[Channel]] = Owned(slug="tea", item=Notes)
    channel = GuardedChannel(kind, ACCOUNT, Net(plugin="tea"), Guard(marks=marks))
    inside: list[tuple[str, str, str]] = []

    def look() -> None:
        inside.extend((m.slug, m.place, m.doing) for m in read_marks(marks.path))

    channel.send(Payload(part="all", content=b""), key="k", committing=look)
    assert inside == [("tea", "send", "channel")]
    marks.close()


class Pushes(Notes, Pushed):
    """The same, told of news; looking at them takes as long as the test wants."""

    look: ClassVar[Callable[[], object]] = nothing

    def verify(self, request: WebhookRequest) -> None:
        Pushes.look()

    def unpack(self, request: WebhookRequest) -> Push:
        Pushes.look()
        return Push(items=(note(1),))


@pytest.mark.parametrize("place", ["verify", "unpack"])
def test_looking_at_a_push_is_cut_off_when_it_takes_too_long(
    kept: KeptFaults, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    pushed = WebhookRequest(method="POST", path="/", headers={}, query={}, body=b"", remote="")
    kind: Owned[type[Channel]] = Owned(slug="tea", item=Pushes)
    channel = GuardedChannel(kind, ACCOUNT, Net(plugin="tea"), Guard(sink=kept))
    assert channel.unpack(pushed).items == (note(1),)

    go_on = Event()
    monkeypatch.setattr(deadlines, "WITHIN_S", 0.1)
    monkeypatch.setattr(Pushes, "look", lambda: go_on.wait(5))
    with pytest.raises(PluginFailed, match=r"did not come back within 0\.1 seconds"):
        getattr(channel, place)(pushed)
    go_on.set()
    (fault,) = kept.faults
    assert (fault.slug, fault.place) == ("tea", place)
