"""A network that is asked for news: it gives numbered events after the last one seen."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from deskcore.api import Inbound, InboundMessage, OutboundMessage, ThreadKeys, _, now
from deskcore.plugin import (
    AccountView,
    Capabilities,
    Channel,
    ChannelFailure,
    HealthCheck,
    Net,
    PartResult,
    Payload,
    PluginSettings,
    Polled,
    RawItem,
    Refused,
    SendResult,
    SignInFailed,
    TextLimit,
    Unsure,
)

from .events import meaning
from .settings import EchoSettings
from .splitting import split
from .wire import NoAnswer, ask

_LIMIT = TextLimit(max=500, unit="utf16", parts=10)


class EchoPolled(Channel, Polled):
    """Echo, polled: JSON over HTTP."""

    slug: ClassVar[str] = "echo_polled"
    label: ClassVar[str] = "Echo, polled"
    settings: ClassVar[type[PluginSettings]] = EchoSettings
    can: ClassVar[Capabilities] = Capabilities(
        starts=True,
        text=_LIMIT,
        same_key_is_safe=True,
        reports=frozenset({"delivered", "read"}),
    )

    def __init__(self, account: AccountView, net: Net) -> None:
        super().__init__(account, net)
        if not isinstance(account.settings, EchoSettings):
            raise TypeError("an Echo account needs EchoSettings")
        self._settings = account.settings

    def parse(self, raw: RawItem) -> list[Inbound]:
        """Say what an event means."""
        return [meaning(raw.content)]

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        """Give the keys that parsing found."""
        return message.keys

    def render(self, message: OutboundMessage) -> list[Payload]:
        """Make the network's forms: each part of the text for each person."""
        if message.files:
            raise Refused(_("This network takes no files."))
        parts = split(message.text, _LIMIT)
        return [
            self._form(message, text, f"{who.value}:{number}/{len(parts)}", who.value)
            for who in message.to
            for number, text in enumerate(parts, start=1)
        ]

    def send(self, payload: Payload, *, key: str, committing: Callable[[], None]) -> SendResult:
        """Send one part to one person; the network takes each key once, so a repeat is safe."""
        form = json.loads(payload.content) | {"key": f"{key}-{payload.part}"}
        committing()
        try:
            said = ask(self.net, self._settings, "/messages", json.dumps(form).encode())
        except NoAnswer as failure:
            raise Unsure(_("The line broke before the network had answered.")) from failure
        result = PartResult(status="accepted", external_id=str(said.get("id", "")))
        return SendResult(parts=dict.fromkeys(payload.recipients, result))

    def check(self) -> list[HealthCheck]:
        """Ask the network who we are; that changes nothing there."""
        name = _("Sign in at the network")
        try:
            ask(self.net, self._settings, "/me")
        except SignInFailed as failure:
            cure = _("Copy the token again from the network, under Account, Access.")
            return [HealthCheck(name=name, ok=False, message=str(failure), cure=cure)]
        except ChannelFailure as failure:
            cure = _("Compare server and port with what the network shows under Account.")
            return [HealthCheck(name=name, ok=False, message=str(failure), cure=cure)]
        return [HealthCheck(name=name, ok=True, message=_("The network knows this desk."))]

    def receive(self, cursor: str | None) -> Iterator[RawItem]:
        """Yield what the network numbers after *cursor*."""
        said = ask(self.net, self._settings, f"/events?after={cursor or 0}")
        events = said.get("events")
        for event in events if isinstance(events, list) else []:
            if isinstance(event, dict) and isinstance(event.get("seq"), int):
                yield RawItem(
                    external_id=str(event["seq"]),
                    cursor=str(event["seq"]),
                    received_at=now(),
                    content=str(event.get("raw", "")).encode(),
                )

    def acknowledge(self, items: Sequence[RawItem]) -> None:
        """Tell the network up to where the desk has stored."""
        ask(self.net, self._settings, "/seen", json.dumps({"upto": items[-1].cursor}).encode())

    def _form(self, message: OutboundMessage, text: str, part: str, to: str) -> Payload:
        form = {"ref": message.external_id, "text": text, "to": to}
        return Payload(
            part=part,
            content=json.dumps(form, sort_keys=True).encode(),
            content_type="application/json",
            recipients=(to,),
        )
