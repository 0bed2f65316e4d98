"""The book at the door: a channel whose entries open tickets of the book's kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from deskcore.api import Address, Ignored, Inbound, InboundMessage, OutboundMessage, ThreadKeys, _
from deskcore.plugin import (
    Capabilities,
    Channel,
    HealthCheck,
    PartResult,
    Payload,
    PluginSettings,
    Polled,
    RawItem,
    Refused,
    SendResult,
)

from .entry import ENTRY


class DoorSettings(PluginSettings):
    """The door needs none."""


class Door(Channel, Polled):
    """Entries as JSON: who wrote what, about which entry."""

    slug: ClassVar[str] = "guest_book"
    label: ClassVar[str] = "Guest book"
    settings: ClassVar[type[PluginSettings]] = DoorSettings
    can: ClassVar[Capabilities] = Capabilities(public=True, one_reply=True)

    def parse(self, raw: RawItem) -> list[Inbound]:
        """Say what stands in the book; ``kind`` is there for tests that try another's."""
        try:
            said = json.loads(raw.content)
            guest, text, entry = str(said["guest"]), str(said["text"]), str(said["entry"])
        except (ValueError, TypeError, KeyError):
            return [Ignored(reason="no entry of the book")]
        message = InboundMessage(
            external_id=f"{entry}/{raw.external_id}",
            sender=Address(value=guest.lower(), name=guest),
            subject=text[:60],
            text=text,
            visible=text,
            keys=ThreadKeys(own=f"{entry}/{raw.external_id}", conversation=entry),
            kind=str(said.get("kind", ENTRY.name)),
        )
        return [message]

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        """Give the keys that parsing found."""
        return message.keys

    def render(self, message: OutboundMessage) -> list[Payload]:
        """Write the answer as it will stand below the entry."""
        recipients = tuple(address.value for address in message.to)
        return [Payload(part="answer", content=message.text.encode(), recipients=recipients)]

    def send(self, payload: Payload, *, key: str, committing: Callable[[], None]) -> SendResult:
        """Write it into the book; the book takes no bad words."""
        if b"hang it" in payload.content:
            raise Refused(_("The book takes no bad words."))
        committing()
        return SendResult(
            parts=dict.fromkeys(payload.recipients, PartResult(status="accepted", external_id=key))
        )

    def check(self) -> list[HealthCheck]:
        """Look whether the book lies there."""
        return [HealthCheck(name=_("Guest book"), ok=True, message=_("The book lies there."))]

    def receive(self, cursor: str | None) -> Iterator[RawItem]:
        """Yield nothing: entries are handed in."""
        yield from ()

    def acknowledge(self, items: Sequence[RawItem]) -> None:
        """Leave the entries where they are."""
