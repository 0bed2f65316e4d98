"""Looks at every push for half a minute."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import ClassVar

from deskcore.api import Inbound, InboundMessage, OutboundMessage, ThreadKeys
from deskcore.plugin import (
    Capabilities,
    Channel,
    HealthCheck,
    Payload,
    PluginSettings,
    Push,
    Pushed,
    RawItem,
    SendResult,
    WebhookRequest,
    hookimpl,
)

LONG_S = 30.0


class Hanging(Channel, Pushed):
    slug: ClassVar[str] = "hangs_at_push"
    label: ClassVar[str] = "Hanging"
    settings: ClassVar[type[PluginSettings]] = PluginSettings
    can: ClassVar[Capabilities] = Capabilities()

    def verify(self, request: WebhookRequest) -> None:
        time.sleep(LONG_S)

    def unpack(self, request: WebhookRequest) -> Push:
        return Push(items=())

    def parse(self, raw: RawItem) -> list[Inbound]:
        return []

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        return message.keys

    def render(self, message: OutboundMessage) -> list[Payload]:
        return []

    def send(self, payload: Payload, *, key: str, committing: Callable[[], None]) -> SendResult:
        raise NotImplementedError

    def check(self) -> list[HealthCheck]:
        return []


@hookimpl
def desk_channels() -> list[type[Channel]]:
    return [Hanging]
