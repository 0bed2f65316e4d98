"""Raises whenever it is told of an event."""

from __future__ import annotations

from deskcore.api import DomainEvent, MessageReceived, TicketOpened
from deskcore.plugin import Subscription, hookimpl


def fail(event: DomainEvent) -> None:
    raise RuntimeError("broken handler")


@hookimpl
def desk_subscriptions() -> list[Subscription]:
    return [
        Subscription(
            name="raises_when_told.all", events=(TicketOpened, MessageReceived), handle=fail
        )
    ]
