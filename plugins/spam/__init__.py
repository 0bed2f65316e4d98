"""A spam filter that learns from what agents do, and bans of senders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.api import N_, CustomerId, InboundMessage, Permission
from deskcore.plugin import (
    Action,
    Judgement,
    Link,
    PrivacyHandler,
    Subscription,
    TicketRef,
    hookimpl,
)
from plugins.spam.settings import RIGHT, SpamSettings

if TYPE_CHECKING:
    from flask import Blueprint


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    """Bring the page of bans."""
    from plugins.spam.views import blueprint

    return [blueprint]


@hookimpl
def desk_settings() -> type[SpamSettings]:
    """Let the desk show them on the plugin's page, too."""
    return SpamSettings


@hookimpl
def desk_permissions() -> list[Permission]:
    """Declare who may ban."""
    return [Permission(name=RIGHT, label=N_("Ban senders"), roles=("owner", "admin"))]


@hookimpl
def desk_privacy_handlers() -> list[PrivacyHandler]:
    """Tell and forget bans of a customer."""
    from plugins.spam.privacy import handler

    return [handler()]


@hookimpl
def desk_nav_items() -> list[Link]:
    """Offer that page."""
    return [Link(label=N_("Spam and bans"), url="/p/spam/", permission=RIGHT, icon="filter")]


@hookimpl
def desk_customer_links(customer_id: CustomerId) -> list[Link]:
    """Offer to ban a customer."""
    url = f"/p/spam/bans/new?customer={customer_id}"
    return [Link(label=N_("Ban this sender…"), url=url, permission=RIGHT, icon="user-round-x")]


@hookimpl
def desk_subscriptions() -> list[Subscription]:
    """Learn from marks and answers."""
    from plugins.spam.lessons import subscriptions

    return subscriptions()


@hookimpl
def desk_inbound_verdict(message: InboundMessage) -> Judgement | None:
    """Judge a message by bans, then by what was learned."""
    from plugins.spam.verdict import judge

    return judge(message)


@hookimpl
def desk_inbound_prepare(message: InboundMessage) -> InboundMessage:
    """Take off what mail servers put before subjects, after the verdict has seen it."""
    from plugins.spam.marks import without_marks

    return without_marks(message)


@hookimpl
def desk_ticket_actions(ticket: TicketRef) -> list[Action]:
    """Offer to ban whoever wrote a ticket."""
    if ticket.customer_id is None:
        return []
    return [
        Action(
            label=N_("Ban this sender"),
            url=f"/p/spam/bans/for/{ticket.number}",
            permission=RIGHT,
            icon="user-round-x",
            confirm=N_("What they write from now on is filed under Spam, until the ban is lifted."),
        )
    ]
