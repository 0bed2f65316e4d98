"""The XMPP channel: one held line, read by ``listen``, over which everything else goes as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from secrets import token_hex
from time import monotonic
from typing import ClassVar
from xml.etree.ElementTree import Element

from deskcore.api import (
    N_,
    Inbound,
    InboundMessage,
    OutboundMessage,
    ThreadKeys,
    now,
)
from deskcore.plugin import (
    AccountView,
    Alive,
    AttachmentRef,
    Capabilities,
    Channel,
    ChannelFailure,
    Fetching,
    FileLimit,
    HealthCheck,
    Listening,
    Net,
    Payload,
    PluginSettings,
    RawItem,
    SendResult,
    TryLater,
)
from plugins.xmpp import checks, manners, names
from plugins.xmpp.elements import local, written
from plugins.xmpp.events import is_noise, item_id, meanings, wants_receipt
from plugins.xmpp.line import Line, add, stanza
from plugins.xmpp.outgoing import form_of, letter_of, stanzas_of
from plugins.xmpp.sending import Exchange
from plugins.xmpp.settings import XmppSettings
from plugins.xmpp.uploads import MOST_BYTES, fetch, upload

_PING_EVERY_S = 60.0
_LOOK_S = 2.0
_END = Element("end")


class XmppChannel(Channel, Listening, Fetching):
    """A component of an XMPP server (XEP-0114)."""

    slug: ClassVar[str] = "xmpp"
    label: ClassVar[str] = "XMPP"
    settings: ClassVar[type[PluginSettings]] = XmppSettings
    timeout: ClassVar[float] = 180.0  # files go first
    silence: ClassVar[timedelta] = timedelta(minutes=3)
    sends_over_it: ClassVar[bool] = True
    can: ClassVar[Capabilities] = Capabilities(
        starts=True,
        attachments=FileLimit(count=20, bytes_each=MOST_BYTES, bytes_together=MOST_BYTES),
        reports=frozenset({"delivered", "read", "bounced"}),
    )

    def __init__(self, account: AccountView, net: Net) -> None:
        super().__init__(account, net)
        if not isinstance(account.settings, XmppSettings):
            raise TypeError("an XMPP account needs XmppSettings")
        self._settings = account.settings
        self._exchange: Exchange | None = None
        self._is_closed = False

    def parse(self, raw: RawItem) -> list[Inbound]:
        """Say what a stanza means."""
        return meanings(raw.content, self._settings.name)

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        """Give the keys that parsing found."""
        return message.keys

    def render(self, message: OutboundMessage) -> list[Payload]:
        """Write the answer down, for each person."""
        return [form_of(message, who.value, self._settings.name) for who in message.to]

    def send(self, payload: Payload, *, key: str, committing: Callable[[], None]) -> SendResult:
        """Put the files where the server keeps them, then send everything in one piece."""
        letter = letter_of(payload)
        exchange = self._held()
        server = self._settings.server
        urls = tuple(upload(self.net, exchange, server, file) for file in letter.files)
        result = exchange.send(stanzas_of(letter, urls), server, committing)
        return SendResult(parts=dict.fromkeys(payload.recipients, result))

    def fetch(self, ref: AttachmentRef) -> Iterator[bytes]:
        """Fetch a file from where the customer put it."""
        return fetch(self.net, ref.ref, self._settings.files.strip())

    def check(self) -> list[HealthCheck]:
        """Look over the held line, or one of its own for a moment."""
        if self._exchange is not None:
            return checks.looked_at(self._exchange, self._settings)
        return checks.tried(self.net, self._settings)

    def listen(self, cursor: str | None) -> Iterator[RawItem | Alive]:
        """Hold the line. A component has no past to ask for: *cursor* says nothing here."""
        with self._line() as exchange:
            yield Alive()
            asked_at = heard_at = monotonic()
            while (found := self._next(exchange)) is not _END:
                if found is not None:
                    heard_at = monotonic()
                    yield from self._heard(exchange, found)
                    if not self._is_closed:
                        yield Alive()
                elif monotonic() - max(heard_at, asked_at) > _PING_EVERY_S:
                    asked_at = monotonic()
                    exchange.line.write(self._ping())

    def close(self) -> None:
        """Let go of the line; whoever reads it wakes."""
        self._is_closed = True
        if (exchange := self._exchange) is not None:
            exchange.line.close()

    def _heard(self, exchange: Exchange, found: Element) -> Iterator[RawItem]:
        if exchange.take(found):
            return
        if local(found) != "message":
            exchange.line.write(*manners.answers(found, self.account.name))
        elif not is_noise(found):
            try:
                yield _item(found)
            except GeneratorExit:
                with suppress(ChannelFailure):  # it could not be kept: whoever sent it is told
                    exchange.line.write(manners.bounced(found))
                raise
            # Whoever asks for the next item has stored this one: now it may be confirmed.
            if (name := wants_receipt(found)) and not self._is_closed:
                exchange.line.write(manners.receipt(found, name))

    def _next(self, exchange: Exchange) -> Element | None:
        """Read a stanza; the end is no failure when it was asked for."""
        try:
            return exchange.line.read(_LOOK_S)
        except TryLater:
            if self._is_closed:
                return _END
            raise

    @contextmanager
    def _line(self) -> Iterator[Exchange]:
        line = Line(self.net, self._settings)
        exchange = Exchange(line, self._settings.name)
        self._exchange = exchange
        try:
            if self._is_closed:  # it was closed while it was being opened
                raise TryLater(N_("The line to the XMPP server broke."))
            yield exchange
        finally:
            self._exchange = None
            exchange.end()
            with suppress(ChannelFailure):
                if not self._is_closed:
                    line.write(*manners.all_bounced(line.unread()))
            line.release()

    def _held(self) -> Exchange:
        if self._exchange is None:
            raise TryLater(N_("The line to the XMPP server broke."))
        return self._exchange

    def _ping(self) -> Element:
        iq = stanza("iq", sender=self._settings.name, to=self._settings.server, type="get")
        iq.set("id", f"alive-{token_hex(4)}")
        add(iq, "ping", names.PING)
        return iq


def _item(found: Element) -> RawItem:
    name = item_id(found, token_hex(16))
    return RawItem(external_id=name, cursor=name, received_at=now(), content=written(found))
