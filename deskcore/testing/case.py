"""One check at work: the channel, its items in its own shape, and a desk when one is needed."""

from __future__ import annotations

import hashlib
import itertools
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from deskcore.clock import now
from deskcore.domain.messages import (
    Address,
    Inbound,
    InboundMessage,
    OutboundFile,
    OutboundMessage,
)
from deskcore.plugin.channel import (
    Channel,
    ChannelFailure,
    Listening,
    Payload,
    Polled,
    Push,
    Pushed,
    RawItem,
    SendResult,
)
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import Guard
from deskcore.plugin.guarded import GuardedChannel
from deskcore.plugin.manifest import ANYWHERE
from deskcore.plugin.net import ANY_PORT, Net, network_allowed
from deskcore.plugin.parts import Owned
from deskcore.plugin.settings import PluginSettings
from deskcore.testing.contract import Contract, FarSide
from deskcore.testing.desk import Faults, KitDesk, a_desk, an_account_view

CANARY = "c4n4ry-7f2e91"
_SHORT_S = 2.0
_HOLDING_S = 10.0
_FROM_SETTING = "setting:"


class _QuickNet(Net):
    """The guarded door with less patience: a far side on this machine answers at once."""

    def tcp(self, host: str, port: int, *, timeout_s: float = _SHORT_S) -> socket.socket:
        return super().tcp(host, port, timeout_s=min(timeout_s, _SHORT_S))


@dataclass
class Case:
    """What a check may use. Ask for ``far`` and ``desk`` only where they are needed."""

    contract: Contract
    folder: Path
    faults: Faults = field(default_factory=Faults)
    far: FarSide | None = None
    conversation: str = ""
    _stack: ExitStack = field(default_factory=ExitStack)
    _desk: KitDesk | None = None
    _offered: int = 0
    _serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def settings(self) -> PluginSettings:
        """The settings of the contract, pointed at the far side."""
        return self.contract.settings_with(self.far)

    @property
    def desk(self) -> KitDesk:
        """A desk with an account of the channel, made at the first use."""
        if self._desk is None:
            self._desk = self._stack.enter_context(
                a_desk(self.folder / "desk", self.contract, self.settings)
            )
        return self._desk

    @property
    def there(self) -> FarSide:
        """The far side, for checks that cannot do without."""
        if self.far is None:
            raise AssertionError("The contract names no far side.")
        return self.far

    def channel(self, settings: PluginSettings | None = None) -> Channel:
        """Make the plugin's own object."""
        settings = settings or self.settings
        return self.contract.kind(an_account_view(self.contract, settings), self._net(settings))

    def guarded(self, settings: PluginSettings | None = None) -> GuardedChannel:
        """Make the channel as core uses it."""
        settings = settings or self.settings
        kind = Owned(slug=self.contract.manifest.slug, item=self.contract.kind)
        view = an_account_view(self.contract, settings)
        return GuardedChannel(kind, view, self._net(settings), Guard(sink=self.faults))

    def raw(self, content: bytes) -> RawItem:
        """Make an item of bytes, as if they had come."""
        name = f"raw-{next(self._serial)}"
        return RawItem(external_id=name, cursor=name, received_at=_ONE_TIME, content=content)

    def _named(self, content: bytes) -> RawItem:
        """Make an item whose name is the same for the same bytes."""
        name = hashlib.sha256(content).hexdigest()
        return RawItem(external_id=name, cursor=name, received_at=_ONE_TIME, content=content)

    def parse(self, content: bytes) -> list[Inbound]:
        """Say what bytes mean, by a channel of their own."""
        return self.channel().parse(self.raw(content))

    def messages(self, content: bytes) -> list[InboundMessage]:
        """Return the messages in bytes."""
        return [entry for entry in self.parse(content) if isinstance(entry, InboundMessage)]

    def items(self, *contents: bytes) -> list[RawItem]:
        """Bring samples in by the channel's own way: a push, a fetch, a held connection."""
        channel = self.channel()
        if isinstance(channel, Pushed) and self.contract.sign and self.contract.batch:
            return list(self.push(*contents).items)
        if self.far is None or not isinstance(channel, Polled | Listening):
            return [self._named(content) for content in contents]
        self.far.offer(*contents)
        if isinstance(channel, Polled):
            found = list(channel.receive(None))
            let_go(channel)
            return found
        held = channel.listen(None)
        self._offered += len(contents)
        heard = (each for each in held if isinstance(each, RawItem))  # no signs of life
        taken = list(itertools.islice(heard, self._offered))
        let_go(channel)
        return taken

    def push(self, *contents: bytes) -> Push:
        """Have one push with these samples unpacked, with what was proved before."""
        channel = self.channel()
        if not (isinstance(channel, Pushed) and self.contract.sign and self.contract.batch):
            raise AssertionError("A pushed channel needs sign= and batch= in its contract.")
        return channel.unpack(self.contract.sign(self.push_body(*contents)))

    def push_body(self, *contents: bytes) -> bytes:
        """Put samples into the body of one push."""
        if self.contract.batch is None:
            raise AssertionError("A pushed channel needs batch= in its contract.")
        return self.contract.batch(list(contents))

    def outbound(
        self, text: str = "Good day, it is on its way.", *, files: tuple[OutboundFile, ...] = ()
    ) -> OutboundMessage:
        """Make an answer, the same each time."""
        return OutboundMessage(
            external_id="d.0123456789@desk.test",
            token="0123456789abcdefghijkl",  # noqa: S106  no secret: it stands in the answer
            sender=Address(value=self.contract.address, name="Shop"),
            to=(Address(value=self.contract.recipient, name="Ann"),),
            subject="Re: Order",
            text=text,
            html=f"<p>{text}</p>",
            files=files,
            sent_at=_ONE_TIME,
            desk_id="desk-1",
            ticket_number=1001,
            conversation=self.conversation,
        )

    def send(self, text: str = "Good day.", *, key: str = "key-1") -> Sending:
        """Send an answer; see what was called and what came of it."""
        sending = Sending()
        with self._ready() as channel:
            for payload in channel.render(self.outbound(text)):
                sending.payloads.append(payload)
                before = self.there.messages
                sending.result = channel.send(
                    payload,
                    key=key,
                    committing=lambda before=before: sending.committed.append(  # type: ignore[misc]  # mypy knows no defaults of lambdas
                        self.there.messages - before
                    ),
                )
        return sending

    @contextmanager
    def _ready(self) -> Iterator[GuardedChannel]:
        """Give the channel, holding its connection meanwhile if answers leave by that."""
        channel = self.guarded()
        if not channel.sends_over_it:
            yield channel
            return
        stands, failed = threading.Event(), list[Exception]()
        holding = threading.Thread(target=_hold, args=(channel, stands, failed), daemon=True)
        holding.start()
        try:
            if not stands.wait(_HOLDING_S):
                raise AssertionError("listen() yielded nothing: give Alive when it can be sent.")
            if failed:
                raise failed[0]
            yield channel
        finally:
            channel.close()
            holding.join(_HOLDING_S)

    def _net(self, settings: PluginSettings) -> Net:
        hosts = (
            str(getattr(settings, host.removeprefix(_FROM_SETTING), ""))
            if host.startswith(_FROM_SETTING)
            else host
            for host in self.contract.manifest.network
        )
        network = self.contract.manifest.network
        allowed = None if not network or ANYWHERE in network else frozenset(hosts)
        slug = self.contract.manifest.slug
        return _QuickNet(plugin=slug, allow_private=True, hosts=allowed, web_ports=ANY_PORT)


@dataclass(kw_only=True)
class Sending:
    """One attempt: how much had been taken when ``committing`` was called, and the result."""

    payloads: list[Payload] = field(default_factory=list)
    committed: list[int] = field(default_factory=list)
    result: SendResult | None = None


_ONE_TIME = now().replace(microsecond=0)


@contextmanager
def a_case(contract: Contract, folder: Path) -> Iterator[Case]:
    """Run the far side, with the network open as in a worker, until the block ends."""
    case = Case(contract=contract, folder=folder)
    with network_allowed(), case._stack:  # noqa: SLF001  the case's own stack
        if contract.far_side is not None:
            case.far = case._stack.enter_context(contract.far_side())  # noqa: SLF001  as above
        yield case


def _hold(channel: GuardedChannel, stands: threading.Event, failed: list[Exception]) -> None:
    """Listen and throw away what comes, until the connection ends."""
    with network_allowed():
        try:
            for _heard in channel.listen(None):
                stands.set()
        except (ChannelFailure, PluginFailed) as error:
            if not stands.is_set():
                failed.append(error)
    stands.set()


def let_go(channel: Channel) -> None:
    """Close a channel; whether it can be closed is a check of its own (K47)."""
    with suppress(Exception):
        channel.close()  # type: ignore[attr-defined]  # not every shape has it
