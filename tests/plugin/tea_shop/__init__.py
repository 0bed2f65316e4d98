"""A made-up shop that takes part wherever a plugin can: the reference for hooks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from deskcore.plugin import (
    Action,
    Asset,
    Column,
    ComposerTool,
    CustomerRef,
    HealthCheck,
    HelpPart,
    JobType,
    Link,
    MessageNote,
    MessageRef,
    Panel,
    Placeholder,
    PrivacyHandler,
    RowRef,
    SearchTerm,
    Service,
    TicketField,
    TicketRef,
    Widget,
    hookimpl,
)

if TYPE_CHECKING:
    from click import Command
    from flask import Blueprint

    from deskcore.api import Permission

    from .settings import ShopSettings


@hookimpl
def desk_settings() -> type[ShopSettings]:
    """Say where the shop's till is and how to ask it."""
    from .settings import ShopSettings

    return ShopSettings


@hookimpl
def desk_permissions() -> list[Permission]:
    """Say who may do what in the shop."""
    from .rights import PERMISSIONS

    return PERMISSIONS


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    """Bring the page of the shelves."""
    from .views import blueprint

    return [blueprint]


@hookimpl
def desk_assets() -> list[Asset]:
    """Draw the shelves as shelves, and count what is looked at."""
    return [
        Asset(name="shelves.css", where="workspace"),
        Asset(name="shelves.js", where="workspace"),
        Asset(name="stock.css"),
    ]


@hookimpl
def desk_commands() -> list[Command]:
    """Tell and fill the shelves from the server."""
    from .commands import COMMANDS

    return COMMANDS


@hookimpl
def desk_ticket_fields() -> list[TicketField]:
    """Keep what an order is about."""
    from .fields import FIELDS

    return FIELDS


@hookimpl
def desk_search_terms() -> list[SearchTerm]:
    """Find tickets by what is on the shelves."""
    from .fields import TERMS

    return TERMS


@hookimpl
def desk_placeholders() -> list[Placeholder]:
    """Let answers name what their customer waits for."""
    from .fields import PLACEHOLDERS

    return PLACEHOLDERS


@hookimpl
def desk_ticket_panels(ticket: TicketRef) -> list[Panel]:
    """Show the shelves beside a ticket, and what its customer waits for."""
    from .places import beside_ticket

    return beside_ticket(ticket)


@hookimpl
def desk_customer_panels(customer: CustomerRef) -> list[Panel]:
    """Show what a customer waits for."""
    from .places import about_customer

    return about_customer(customer)


@hookimpl
def desk_ticket_actions(ticket: TicketRef) -> list[Action]:
    """Let its customer wait for a tea."""
    from .places import actions

    return actions(ticket)


@hookimpl
def desk_composer_tools(ticket: TicketRef) -> list[ComposerTool]:
    """Offer teas to write of."""
    from .places import tools

    return tools(ticket)


@hookimpl
def desk_dashboard_widgets() -> list[Widget]:
    """Show the shelves to those who run the desk."""
    from .places import widgets

    return widgets()


@hookimpl
def desk_help_parts(language: str) -> list[HelpPart]:
    """Tell customers what there is, and let them look for it."""
    from .places import for_customers

    return for_customers(language)


@hookimpl
def desk_message_notes(messages: Sequence[MessageRef]) -> list[MessageNote]:
    """Say what is sold out of what customers ask for."""
    from .places import remarks

    return remarks(messages)


@hookimpl
def desk_list_columns(tickets: Sequence[RowRef]) -> list[Column]:
    """Say how much there is of what tickets are about."""
    from .places import columns

    return columns(tickets)


@hookimpl
def desk_nav_items() -> list[Link]:
    """Offer that page."""
    from .rights import SEE_STOCK

    return [Link(label="Shelves", url="/p/tea_shop/stock", permission=SEE_STOCK, icon="store")]


@hookimpl
def desk_jobs() -> list[JobType]:
    """Look at the shelves every five minutes, and when somebody asks."""
    from .till import fetch

    return [
        JobType(name="tea_shop.shelves", run=fetch, every=timedelta(minutes=5)),
        JobType(name="tea_shop.shelf", run=fetch),
    ]


@hookimpl
def desk_privacy_handlers() -> list[PrivacyHandler]:
    """Tell and forget what customers wait for."""
    from .wishes import handler

    return [handler()]


@hookimpl
def desk_health() -> list[HealthCheck]:
    """Say whether the till answers."""
    from .till import health

    return health()


@hookimpl
def desk_services() -> list[Service]:
    """Tell other plugins what is on the shelves."""
    from .offer import services

    return services()
