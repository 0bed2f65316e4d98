"""The channel contract: how messages reach the desk and leave it.

``parse``, ``thread_keys`` and ``render`` are pure; I/O lives in ``receive``, ``send``, ``check``.
A channel never retries, sleeps, threads or marks anything: it raises one of the failures below
and core does the rest (see ``docs/plugin-authors/channels.md``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

from deskcore.domain.messages import (
    EMPTY,
    AttachmentRef,
    Inbound,
    InboundMessage,
    OutboundMessage,
    ThreadKeys,
)
from deskcore.domain.money import Money
from deskcore.plugin.settings import PluginSettings

if TYPE_CHECKING:  # net.py raises the failures below, so it imports this module
    from deskcore.plugin.net import Net

Level = Literal["full", "partial", "fallback", "dropped", "rejected"]
People = Literal["email", "phone", "handle"]
PartStatus = Literal["accepted", "refused", "later"]


class ChannelFailure(Exception):
    """Base of what a channel may raise; the text is shown to people, never secrets."""


class TryLater(ChannelFailure):
    """Network down, greylisted, over a rate: core backs off; ``after`` is the least wait."""

    def __init__(self, message: str, *, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.after = after


class AnswerLost(TryLater):
    """Asked, and no whole answer came: what was asked for may have been done (``Net.http``)."""


class Blocked(TryLater):
    """Somebody must mend something first: core tries on, and the account says what."""


class SignInFailed(ChannelFailure):
    """The credentials were refused: core pauses the account and tells admins once."""


class Refused(ChannelFailure):
    """This message will never go: the delivery fails and the agent is told on the ticket."""


class Unsure(ChannelFailure):
    """The answer was lost after ``committing()``: perhaps sent, never repeated by itself."""


class Rejected(ChannelFailure):
    """A push that is not authentic: answered 401, counted, nothing stored."""


@dataclass(frozen=True, kw_only=True)
class TextLimit:
    """How much text one message may hold, counted in *unit*, in at most *parts* parts."""

    max: int
    unit: Literal["chars", "utf16", "graphemes", "bytes", "gsm7"] = "chars"
    parts: int = 1


@dataclass(frozen=True, kw_only=True)
class FileLimit:
    """How many files and bytes a message may hold; empty ``types`` means any."""

    count: int
    bytes_each: int
    bytes_together: int
    types: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Lane:
    """A window in which a kind of reply is allowed (for example 24 h after a customer wrote)."""

    name: str
    opened_by: str
    lasts: timedelta | None = None
    needs: str = ""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How much a network takes; core keeps to it, in each worker.

    ``a_second`` counts messages of one account, ``each`` is the time between two in one conversation.
    """

    a_second: float
    each: timedelta = timedelta(0)


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What messages of a channel may hold; each claim is exercised by the contract kit."""

    replies: bool = True
    starts: bool = False
    text: TextLimit | None = None
    formatting: Mapping[str, Level] = field(default_factory=dict)
    attachments: FileLimit | None = None
    lanes: tuple[Lane, ...] = ()
    same_key_is_safe: bool = False
    reports: frozenset[str] = frozenset()
    public: bool = False
    one_reply: bool = False
    pace: Pace | None = None


@dataclass(frozen=True, kw_only=True)
class AccountView:
    """One configured account of a channel, as the channel may see it.

    ``own_addresses`` are all addresses of the desk (canonical), for recognising our own mail.
    ``webhook`` is where a pushed channel is told of news; empty while the desk's own address
    (``base_url``) is not configured.
    ``reply_secret`` signs nothing outside core: it is not part of this view on purpose.
    """

    id: int
    name: str
    address: str
    settings: PluginSettings
    own_addresses: frozenset[str] = frozenset()
    connected_at: datetime | None = None
    desk_id: str = ""
    webhook: str = ""


@dataclass(frozen=True, kw_only=True)
class RawItem:
    """One thing received, exactly as it came; stored before anything else looks at it.

    ``external_id`` is unique in the account (IMAP: ``uidvalidity:uid``); ``cursor`` is what
    ``receive`` needs to go on after this item. ``meta`` holds what the bytes do not say.
    Known meta keys: ``seen`` ("1" when the source had marked it read), ``folder``,
    ``internal_date`` (ISO 8601), ``envelope_from``, ``envelope_to``, ``size``, ``truncated``.
    """

    external_id: str
    cursor: str | None
    received_at: datetime
    content: bytes = field(repr=False)
    meta: Mapping[str, str] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, kw_only=True)
class Payload:
    """Exact bytes or form to send for one part, with the recipients of that part."""

    part: str
    content: bytes = field(repr=False)
    content_type: str = "message/rfc822"
    recipients: tuple[str, ...] = ()
    meta: Mapping[str, str] = field(default_factory=lambda: EMPTY)


@dataclass(frozen=True, kw_only=True)
class PartResult:
    """What the far side said about one recipient or part."""

    status: PartStatus
    external_id: str = ""
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class SendResult:
    """What the far side said: recipient or part → result; ``raw`` (≤ 8 KiB) is kept on the attempt."""

    parts: Mapping[str, PartResult]
    raw: bytes = b""


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """One line of a test: what was looked at, whether it is well, and what to do when not.

    ``is_known`` False means that nobody could tell; ``ok`` says nothing then.
    """

    name: str
    ok: bool
    message: str
    cure: str = ""
    is_known: bool = True


@dataclass(frozen=True, kw_only=True)
class WebhookRequest:
    """A push as it came: raw body, headers with lower-case names, query, sender address."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str]
    body: bytes = field(repr=False)
    remote: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The exact answer a platform wants to a push."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain"


@dataclass(frozen=True, kw_only=True)
class Push:
    """The items of a push and the answer to give once they are stored."""

    items: tuple[RawItem, ...]
    answer: Answer = Answer()


class Channel(ABC):
    """One way messages reach the desk and leave it. An instance serves one configured account.

    ``parse``, ``thread_keys`` and ``render`` are pure: no network, no database, no clock but
    the time they are given. ``send`` and ``check`` run only in the worker, up to ``timeout`` seconds.
    ``people`` says by what the network knows people: a handle means something in one account only,
    and who is answered there is who wrote.
    """

    slug: ClassVar[str]
    label: ClassVar[str]
    settings: ClassVar[type[PluginSettings]]
    can: ClassVar[Capabilities]
    timeout: ClassVar[float] = 30.0
    people: ClassVar[People] = "handle"

    def __init__(self, account: AccountView, net: Net) -> None:
        self.account = account
        self.net = net

    @abstractmethod
    def parse(self, raw: RawItem) -> list[Inbound]:
        """Say what one stored item means. Total: never raises for any bytes."""

    @abstractmethod
    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        """Say what ties a parsed message to a conversation."""

    @abstractmethod
    def render(self, message: OutboundMessage) -> list[Payload]:
        """Make the exact bytes or forms to send, one per part; deterministic.

        Raises ``Refused`` when the message cannot be expressed safely (a header that would not
        survive a round trip, over a limit); nothing was sent then.
        """

    @abstractmethod
    def send(self, payload: Payload, *, key: str, committing: Callable[[], None]) -> SendResult:
        """Send once. *key* is stable across retries of one delivery.

        Call ``committing()`` before the byte that makes the message irrevocable: a death before
        it means still queued, after it *perhaps sent*.
        """

    @abstractmethod
    def check(self) -> list[HealthCheck]:
        """Connect, authenticate, look; change nothing. Used by "Test", before saving, by health."""


class Polled:
    """A channel that is asked for news: IMAP, Bluesky, reviews."""

    def receive(self, cursor: str | None) -> Iterator[RawItem]:
        """Yield what is new since *cursor*, oldest first; core stores in batches of up to 50."""
        raise NotImplementedError

    def acknowledge(self, items: Sequence[RawItem]) -> None:
        """Mark seen, move or delete at the source; called only after the items are stored.

        ``Refused`` means that the source does not allow it: the account shows that, and goes on.
        """
        raise NotImplementedError

    def wait(self, timeout_s: float) -> bool:
        """Wait at the source for news (IMAP IDLE); True when ``receive`` is worth calling.

        The default has no such thing and returns False at once: core then polls by its clock.
        """
        return False

    def backlog(self, since: datetime | None) -> Iterator[RawItem]:
        """Yield older items for an import the owner asked for; empty when the source has none."""
        return iter(())

    def close(self) -> None:
        """Let go of the connection; called when core stops serving the account."""


class Pushed:
    """A channel that is told of news by webhook; all three methods are pure, in the request.

    ``registers`` True says that the channel tells its network the address by itself
    (``AccountView.webhook``): nobody is asked to enter it there.
    """

    scope: ClassVar[Literal["account", "app"]] = "account"
    registers: ClassVar[bool] = False

    @classmethod
    def route(cls, request: WebhookRequest) -> str | None:
        """Say whose a push to the app's address is: the address of an account, or None for nobody.

        It is called before ``verify``. "" stands for any account of the app: a platform that tries
        the address names none, and the first account that believes it answers.
        """
        raise NotImplementedError

    def verify(self, request: WebhookRequest) -> None:
        """Raise ``Rejected`` unless authentic: raw bytes, constant time, age ≤ 300 s where signed."""
        raise NotImplementedError

    def unpack(self, request: WebhookRequest) -> Push:
        """Take the items out of a push, with the exact answer the platform wants."""
        raise NotImplementedError


@dataclass(frozen=True, kw_only=True)
class Alive:
    """A sign of life of a held connection (an answered ping), yielded between items."""


class Listening:
    """A channel that holds a connection: XMPP, Discord, streaming.

    Keep *silence* above the time between two pings of yours: a connection that yields neither an
    item nor ``Alive`` for so long is given up, and core connects anew.

    *sends_over_it* says that answers leave by the held connection: ``send`` is then called on the
    very object that listens, by other threads, and only after it has yielded. Until then they wait.
    """

    silence: ClassVar[timedelta] = timedelta(minutes=10)
    sends_over_it: ClassVar[bool] = False

    def listen(self, cursor: str | None) -> Iterator[RawItem | Alive]:
        """Hold the connection and yield what comes after *cursor*; return when it has ended.

        One owner per account by lease. Yield ``Alive`` once it stands: core then knows that it
        works. Each item is stored, with its cursor, before the next one is asked for; core
        connects anew, with growing delay, whatever ended it.
        """
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the connection; may be called twice, and by another thread to end ``listen``.

        Shut a socket down: to close it wakes nobody who waits for its next byte. A ``listen`` that
        says good-bye first may yield what was under way for another second; it is still kept.
        """


class Fetching:
    """A channel whose files are fetched by id or by a URL that expires."""

    def fetch(self, ref: AttachmentRef) -> Iterator[bytes]:
        """Yield the file's bytes in chunks; core counts them and stops when they are too many.

        Called in the worker after the message was filed. ``Refused`` means that the file is gone
        for good, ``TryLater`` that it may be had later.
        """
        raise NotImplementedError


class Costing:
    """A channel on which a message costs money."""

    def cost(self, message: OutboundMessage) -> Money | None:
        """Say what sending costs; shown before sending, counted against a monthly budget."""
        raise NotImplementedError
