"""A channel as core uses it: every call of the plugin's code through the guard.

Channel failures (``TryLater``, ``SignInFailed``, ``Refused``) pass as they are; anything else is
recorded as the plugin's fault and comes out as ``PluginFailed``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from deskcore.domain.messages import (
    AttachmentRef,
    DeliveryReport,
    Ignored,
    Inbound,
    InboundChange,
    InboundMessage,
    OutboundMessage,
    ThreadKeys,
)
from deskcore.plugin.channel import (
    AccountView,
    Alive,
    Capabilities,
    Channel,
    ChannelFailure,
    Fetching,
    HealthCheck,
    Listening,
    Payload,
    Polled,
    Push,
    Pushed,
    RawItem,
    SendResult,
    WebhookRequest,
)
from deskcore.plugin.guard import Guard
from deskcore.plugin.marks import Doing
from deskcore.plugin.net import Net
from deskcore.plugin.parts import Owned

T = TypeVar("T")
S = TypeVar("S")


class _CommitFailed(Exception):
    """Core's own part of a send failed; its cause is raised again outside the plugin."""


class GuardedChannel:
    """One account's channel behind the guard; the methods are those of the contract.

    What a channel does not inherit may not be called: ``Polled``, ``Pushed``, ``Listening`` and
    ``Fetching`` each bring theirs. Building it calls the plugin too and may raise ``PluginFailed``.
    """

    def __init__(
        self, kind: Owned[type[Channel]], account: AccountView, net: Net, guard: Guard
    ) -> None:
        self.plugin = kind.slug
        self.account = account
        self._guard = guard
        self._is_closed = False
        self._channel = self._do("open", lambda: kind.item(account, net), Channel)

    @property
    def slug(self) -> str:
        """The channel's slug."""
        return self._channel.slug

    @property
    def can(self) -> Capabilities:
        """What messages of the channel may hold."""
        return self._channel.can

    @property
    def is_polled(self) -> bool:
        """Whether the channel is asked for news; only then may ``receive`` and the like be."""
        return isinstance(self._channel, Polled)

    @property
    def is_listening(self) -> bool:
        """Whether the channel holds a connection; it is not polled then."""
        return isinstance(self._channel, Listening)

    @property
    def is_fetching(self) -> bool:
        """Whether the network of the channel keeps files for us."""
        return isinstance(self._channel, Fetching)

    @property
    def sends_over_it(self) -> bool:
        """Whether what is sent leaves by the connection that this very object holds."""
        return isinstance(self._channel, Listening) and self._channel.sends_over_it

    @property
    def silence_s(self) -> float:
        """How long a held connection may say nothing before it counts as dead."""
        return self._as(Listening).silence.total_seconds()

    def parse(self, raw: RawItem) -> list[Inbound]:
        """Say what one stored item means."""
        return self._list(
            "parse",
            lambda: self._channel.parse(raw),
            (InboundMessage, DeliveryReport, InboundChange, Ignored),
        )

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        """Say what ties a message to a conversation."""
        return self._do("thread_keys", lambda: self._channel.thread_keys(message), ThreadKeys)

    def render(self, message: OutboundMessage) -> list[Payload]:
        """Make the exact bytes to send; ``Refused`` when they cannot be made safely."""
        return self._list("render", lambda: self._channel.render(message), (Payload,))

    def send(self, payload: Payload, *, key: str, committing: Callable[[], None]) -> SendResult:
        """Send once; an error of *committing* comes out as it is and is no fault of the plugin."""

        def commit() -> None:
            try:
                committing()
            except Exception as error:
                raise _CommitFailed from error

        try:
            return self._do(
                "send",
                lambda: self._channel.send(payload, key=key, committing=commit),
                SendResult,
                doing="channel",
            )
        except _CommitFailed as failed:
            raise failed.__cause__ or failed from None

    def check(self) -> list[HealthCheck]:
        """Connect, authenticate, look."""
        return self._list("check", self._channel.check, (HealthCheck,), doing="channel")

    def receive(self, cursor: str | None) -> Iterator[RawItem]:
        """Yield what is new; only the plugin's own steps run inside the guard."""
        polled = self._as(Polled)
        return self._each("receive", lambda: polled.receive(cursor), RawItem)

    def backlog(self, since: datetime | None) -> Iterator[RawItem]:
        """Yield older items for an import."""
        polled = self._as(Polled)
        return self._each("backlog", lambda: polled.backlog(since), RawItem)

    def acknowledge(self, items: Sequence[RawItem]) -> None:
        """Tell the source that the items are stored."""
        polled = self._as(Polled)
        self._call("acknowledge", lambda: polled.acknowledge(items), doing="channel")

    def wait(self, timeout_s: float) -> bool:
        """Wait at the source for news."""
        polled = self._as(Polled)
        return self._do("wait", lambda: polled.wait(timeout_s), bool, doing="channel")

    def listen(self, cursor: str | None) -> Iterator[RawItem | Alive]:
        """Hold the connection and yield what comes, with signs of life in between."""
        listening = self._as(Listening)
        return self._each("listen", lambda: listening.listen(cursor), RawItem, Alive)

    def close(self) -> None:
        """Let go of the connection, when there is one."""
        self._is_closed = True
        if isinstance(self._channel, (Polled, Listening)):
            self._call("close", self._channel.close, doing="channel")

    def verify(self, request: WebhookRequest) -> None:
        """Raise ``Rejected`` unless the push is authentic; ``TryLater`` when it was not asked."""
        pushed = self._as(Pushed)
        self._do("verify", self._soon(lambda: pushed.verify(request)), type(None))

    def unpack(self, request: WebhookRequest) -> Push:
        """Take the items out of a push that was proved; ``TryLater`` when it was not asked."""
        pushed = self._as(Pushed)
        return self._do("unpack", self._soon(lambda: pushed.unpack(request)), Push)

    def fetch(self, ref: AttachmentRef) -> Iterator[bytes]:
        """Yield the bytes of a file that the platform keeps; TypeError when it keeps none."""
        fetching = self._as(Fetching)
        return self._each("fetch", lambda: fetching.fetch(ref), bytes)

    def _soon(self, work: Callable[[], T]) -> Callable[[], T]:
        """Have the work cut off when it takes too long: a platform waits for its answer."""
        return lambda: self._guard.deadlines.within(self.plugin, work)

    def _as(self, ability: type[S]) -> S:
        if not isinstance(self._channel, ability):
            raise TypeError(f"the channel {self.slug} is not {ability.__name__.lower()}")
        return self._channel

    def _each(self, place: str, start: Callable[[], Iterator[T]], *kinds: type) -> Iterator[T]:
        items = self._call(place, lambda: iter(start()), doing="channel")
        while True:
            item = self._call(
                place,
                lambda: _checked(self._next(items), *kinds, type(None)),
                doing="channel",
            )
            if item is None:
                return
            yield item

    def _next(self, items: Iterator[T]) -> T | None:
        """Take the next item; a connection that another thread has closed only ends."""
        try:
            return next(items, None)
        except Exception:
            if self._is_closed:
                return None
            raise

    def _list(
        self,
        place: str,
        work: Callable[[], list[T]],
        kinds: tuple[type, ...],
        *,
        doing: Doing = "hook",
    ) -> list[T]:
        return self._call(place, lambda: [_checked(item, *kinds) for item in work()], doing=doing)

    def _do(self, place: str, work: Callable[[], T], kind: type, *, doing: Doing = "hook") -> T:
        return self._call(place, lambda: _checked(work(), kind), doing=doing)

    def _call(self, place: str, work: Callable[[], T], *, doing: Doing = "hook") -> T:
        return self._guard.call(
            self.plugin, place, work, doing=doing, through=(ChannelFailure, _CommitFailed)
        )


def route(kind: Owned[type[Channel]], request: WebhookRequest, guard: Guard) -> str | None:
    """Ask a pushed channel whose a push to its app's address is; a guess of a stranger's bytes."""
    pushed = kind.item
    if not issubclass(pushed, Pushed):
        raise TypeError(f"the channel {pushed.slug} is not pushed")
    return guard.call(
        kind.slug,
        "route",
        lambda: _checked(
            guard.deadlines.within(kind.slug, lambda: pushed.route(request)), str, type(None)
        ),
        through=(ChannelFailure,),
    )


def _checked(value: T, *kinds: type) -> T:
    if not isinstance(value, kinds):
        raise TypeError(f"gave a {type(value).__name__}")
    return value
