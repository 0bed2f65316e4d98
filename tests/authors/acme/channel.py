"""Acme as a channel: what goes out, and whether all is well. What comes in: incoming.py."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import ClassVar

from deskcore.api import Inbound, InboundMessage, OutboundMessage, ThreadKeys, _
from deskcore.plugin import (
    Capabilities,
    ChannelFailure,
    HealthCheck,
    PartResult,
    Payload,
    PluginSettings,
    RawItem,
    Refused,
    SendResult,
    TextLimit,
    Unsure,
)

from .events import meaning
from .incoming import Incoming
from .settings import AcmeSettings
from .wire import NoAnswer, ask

LIMIT = TextLimit(max=2000)


class Acme(Incoming):
    """Acme: JSON over HTTP."""

    slug: ClassVar[str] = "acme"
    label: ClassVar[str] = "Acme"
    settings: ClassVar[type[PluginSettings]] = AcmeSettings
    can: ClassVar[Capabilities] = Capabilities(
        text=LIMIT, same_key_is_safe=True, reports=frozenset({"delivered", "read"})
    )

    def parse(self, raw: RawItem) -> list[Inbound]:
        """Say what an event means."""
        return [meaning(raw.content)]

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        """Give the keys that parsing found."""
        return message.keys

    def render(self, message: OutboundMessage) -> list[Payload]:
        """Make the form for each person; what Acme does not take is refused whole."""
        if message.files:
            raise Refused(_("Acme takes no files."))
        if len(message.text) > LIMIT.max:
            raise Refused(_("Acme takes %(most)s characters at most.", most=str(LIMIT.max)))
        form = {"ref": message.external_id, "room": message.conversation, "body": message.text}
        return [
            Payload(
                part=who.value,
                content=json.dumps(form | {"to": who.value}, sort_keys=True).encode(),
                content_type="application/json",
                recipients=(who.value,),
            )
            for who in message.to
        ]

    def send(self, payload: Payload, *, key: str, committing: Callable[[], None]) -> SendResult:
        """Send to one person; Acme takes each key once, so a repeat is safe."""
        form = json.loads(payload.content) | {"key": f"{key}-{payload.part}"}
        committing()
        try:
            said = ask(self.net, self.own, "/v1/messages", json.dumps(form).encode())
        except NoAnswer as failure:
            raise Unsure(_("The line broke before Acme had answered.")) from failure
        result = PartResult(status="accepted", external_id=str(said.get("id", "")))
        return SendResult(parts=dict.fromkeys(payload.recipients, result))

    def check(self) -> list[HealthCheck]:
        """Ask Acme who we are; that changes nothing there."""
        name = _("Sign in at Acme")
        try:
            ask(self.net, self.own, "/v1/me")
        except ChannelFailure as failure:
            cure = _("Copy server, port and token again from Acme.")
            return [HealthCheck(name=name, ok=False, message=str(failure), cure=cure)]
        return [HealthCheck(name=name, ok=True, message=_("Acme knows this desk."))]
