"""Offers what fits while somebody answers: with the reason, in stock only, honestly counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.api import OutboundMessage, Permission
from deskcore.plugin import (
    Asset,
    ComposerTool,
    CustomerRef,
    Link,
    MessageNote,
    MessageRef,
    Panel,
    PrivacyHandler,
    TicketRef,
    hookimpl,
)
from plugins.cross_sell import places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Blueprint

    from plugins.cross_sell.settings import OfferSettings


@hookimpl
def desk_settings() -> type[OfferSettings]:
    """Say how carefully offers are made."""
    from plugins.cross_sell.settings import OfferSettings

    return OfferSettings


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    """Bring the pages, the card, and what customers see behind a link."""
    from plugins.cross_sell import card_views, public_views, results_views, views

    return [each.blueprint for each in (views, card_views, results_views, public_views)]


@hookimpl
def desk_permissions() -> list[Permission]:
    """Declare who may write offers."""
    return [places.MANAGE]


@hookimpl
def desk_nav_items() -> list[Link]:
    """Offer those pages."""
    return [places.PAGE]


@hookimpl
def desk_assets() -> list[Asset]:
    """Bring how the card looks."""
    return list(places.ASSETS)


@hookimpl
def desk_ticket_panels(ticket: TicketRef) -> list[Panel]:
    """Show what fits beside a ticket."""
    return [places.card(ticket)]


@hookimpl
def desk_customer_panels(customer: CustomerRef) -> list[Panel]:
    """Show whether a customer wants offers."""
    return [places.wishes(customer)]


@hookimpl
def desk_composer_tools(ticket: TicketRef) -> list[ComposerTool]:
    """Offer the same below an answer."""
    return [places.tool(ticket)]


@hookimpl
def desk_message_notes(ticket: TicketRef, messages: Sequence[MessageRef]) -> list[MessageNote]:
    """Say under an answer what became of the offer in it."""
    answers = places.with_links(messages)
    if not answers:
        return []
    from plugins.cross_sell.remarks import remarks_on

    return remarks_on(ticket, answers)


@hookimpl
def desk_outbound_prepare(message: OutboundMessage) -> OutboundMessage:
    """Note which offers leave the desk; nothing is changed."""
    from plugins.cross_sell.chances import sent

    sent(message.text)
    return message


@hookimpl
def desk_privacy_handlers() -> list[PrivacyHandler]:
    """Tell and forget what a customer was offered."""
    from plugins.cross_sell.privacy import handler

    return [handler()]
