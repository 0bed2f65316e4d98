"""What a shop sells: products, prices, places and stock, for people and for other plugins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from deskcore.api import Permission
from deskcore.plugin import Asset, HealthCheck, JobType, Link, Panel, Service, TicketRef, hookimpl
from plugins.catalogue import importing, imports, offer, rights

if TYPE_CHECKING:
    from click import Command
    from sqlalchemy.orm import Session


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    """Bring the pages of products, places and imports, and the card."""
    from plugins.catalogue.views import blueprints

    return blueprints()


@hookimpl
def desk_permissions() -> list[Permission]:
    """Declare who may look, count, change and import."""
    return rights.PERMISSIONS


@hookimpl
def desk_nav_items() -> list[Link]:
    """Offer those pages."""
    return [rights.PAGE]


@hookimpl
def desk_ticket_panels(ticket: TicketRef) -> list[Panel]:
    """Show the products a ticket speaks of beside it."""
    return [rights.card(ticket)]


@hookimpl
def desk_assets() -> list[Asset]:
    """Bring how products look."""
    return list(rights.ASSETS)


@hookimpl
def desk_jobs() -> list[JobType]:
    """Bring the work of imports."""
    return importing.JOBS


@hookimpl
def desk_services() -> list[Service]:
    """Tell other plugins what is sold and what is there."""
    return offer.services()


@hookimpl
def desk_health() -> list[HealthCheck]:
    """Say whether an import got stuck."""
    return imports.health()


@hookimpl
def desk_deactivate(session: Session) -> None:
    """Stop imports that are under way: their file may be old when the plugin is back."""
    from plugins.catalogue.imports import stop_all

    stop_all(session)


@hookimpl
def desk_commands() -> list[Command]:
    """Bring and hand out products from the server, every night for example."""
    from plugins.catalogue.commands import COMMANDS

    return COMMANDS
