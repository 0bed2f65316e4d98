"""Acme: where this plugin takes part in the desk. Nothing else stands here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.plugin import hookimpl

if TYPE_CHECKING:
    from deskcore.plugin import Channel, Panel, Subscription, TicketRef


@hookimpl
def desk_channels() -> list[type[Channel]]:
    """Offer the channel."""
    from .channel import Acme

    return [Acme]


@hookimpl
def desk_subscriptions() -> list[Subscription]:
    """Be told of messages, to count them."""
    from .counting import subscriptions

    return subscriptions()


@hookimpl
def desk_ticket_panels(ticket: TicketRef) -> list[Panel]:
    """Show how many there are."""
    from .counting import panels

    return panels(ticket)
