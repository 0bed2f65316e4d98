"""Telegram as a channel: what comes in is in ``incoming.py``, what it means in ``events.py``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import ClassVar

from deskcore.api import Inbound, InboundMessage, OutboundMessage, ThreadKeys, _
from deskcore.plugin import (
    AccountView,
    AnswerLost,
    Capabilities,
    Channel,
    HealthCheck,
    Net,
    Pace,
    PartResult,
    Payload,
    PluginSettings,
    RawItem,
    SendResult,
    Unsure,
)
from plugins.telegram.checks import look
from plugins.telegram.events import key_of, meaning
from plugins.telegram.fields import part, whole
from plugins.telegram.incoming import Incoming
from plugins.telegram.outgoing import FILES, METHOD, TEXT, forms_of, moved, without_photo
from plugins.telegram.settings import TelegramSettings
from plugins.telegram.wire import JSON, Moved, NoPicture, post

_TEXT_S = 30.0
_FILE_S = 300.0  # 50 MB over a slow line


class Telegram(Incoming, Channel):
    """One bot. Text leaves as it is typed, without marks; Telegram makes links of addresses itself."""

    slug: ClassVar[str] = "telegram"
    label: ClassVar[str] = "Telegram"
    settings: ClassVar[type[PluginSettings]] = TelegramSettings
    can: ClassVar[Capabilities] = Capabilities(
        text=TEXT,
        formatting={"link": "full", "bold": "dropped", "italic": "dropped", "list": "fallback"},
        attachments=FILES,
        pace=Pace(a_second=25.0, each=timedelta(seconds=1)),  # Telegram: 30 a second, 1 in a chat
    )
    timeout: ClassVar[float] = 600.0

    def __init__(self, account: AccountView, net: Net) -> None:
        Channel.__init__(self, account, net)
        Incoming.__init__(self)
        if not isinstance(account.settings, TelegramSettings):
            raise TypeError("a Telegram account needs TelegramSettings")
        self.own = account.settings

    def parse(self, raw: RawItem) -> list[Inbound]:
        """Say what an update means."""
        return meaning(raw.content, takes_groups=self.own.groups)

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        """Give the keys that parsing found."""
        return message.keys

    def render(self, message: OutboundMessage) -> list[Payload]:
        """Make the forms to send; see ``outgoing.py``."""
        return forms_of(message)

    def send(self, payload: Payload, *, key: str, committing: Callable[[], None]) -> SendResult:
        """Send one part. Telegram knows no key: an answer that is lost leaves everybody unsure."""
        method, content = payload.meta.get(METHOD, "sendMessage"), payload.content
        committing()
        try:
            said = self._sent(payload, method, content)
        except AnswerLost as failure:
            words = _("The line broke before Telegram had answered. Look into the chat.")
            raise Unsure(words) from failure
        chat, number = whole(part(said, "chat"), "id"), whole(said, "message_id")
        name = key_of(chat, number) if chat is not None and number is not None else ""
        result = PartResult(status="accepted", external_id=name)
        return SendResult(parts=dict.fromkeys(payload.recipients, result))

    def check(self) -> list[HealthCheck]:
        """Ask Telegram who the bot is; that changes nothing there."""
        return list(look(self.net, self.account, self.own))

    def _sent(self, payload: Payload, method: str, content: bytes) -> object:
        """Send, and once more where Telegram said that it took nothing and how it would."""
        try:
            return self._post(payload, method, content)
        except Moved as there:
            return self._post(payload, method, moved(payload, there.chat))
        except NoPicture:
            if method != "sendPhoto":
                raise
            return self._post(payload, *without_photo(payload))

    def _post(self, payload: Payload, method: str, content: bytes) -> object:
        timeout_s = _TEXT_S if payload.content_type == JSON else _FILE_S
        return post(self.net, self.own, method, content, payload.content_type, timeout_s=timeout_s)
