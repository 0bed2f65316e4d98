"""Channels whose answers a person puts on the site: nothing is sent, and that is what is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from deskcore.api import InboundMessage, OutboundMessage, ThreadKeys, _
from deskcore.plugin import Channel, PartResult, Payload, RawItem, Refused, SendResult


class ByHand(Channel):
    """The outgoing half: a page of the plugin asked whether the answer stands there already."""

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        """Give the keys that parsing found."""
        return message.keys

    def render(self, message: OutboundMessage) -> list[Payload]:
        """Keep the words as they were put there."""
        if message.files:
            raise Refused(_("Answers to reviews have no files."))
        recipients = tuple(address.value for address in message.to)
        return [
            Payload(
                part="answer",
                content=message.text.encode(),
                content_type="text/plain",
                recipients=recipients,
            )
        ]

    def send(self, payload: Payload, *, key: str, committing: Callable[[], None]) -> SendResult:
        """Send nothing: whoever pressed the button had put it there."""
        committing()
        told = PartResult(status="accepted", detail=_("Put there by hand."))
        return SendResult(parts=dict.fromkeys(payload.recipients, told))

    def acknowledge(self, items: Sequence[RawItem]) -> None:
        """Leave everything at the site as it is."""
