"""Its handler of events does not come back for long."""

from __future__ import annotations

import time

from deskcore.api import DomainEvent, TicketOpened
from deskcore.plugin import Subscription, hookimpl

LONG_S = 15.0


def hang(event: DomainEvent) -> None:
    time.sleep(LONG_S)


@hookimpl
def desk_subscriptions() -> list[Subscription]:
    return [Subscription(name="hangs_when_told.all", events=(TicketOpened,), handle=hang)]
