"""Is it in, where, when is it back; who waits for it, and telling them all; lists of a shop's day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.api import Permission
from deskcore.plugin import (
    Asset,
    CustomerRef,
    JobType,
    Link,
    Panel,
    PrivacyHandler,
    SearchTerm,
    Subscription,
    TicketRef,
    hookimpl,
)
from plugins.stock_notes import places

if TYPE_CHECKING:
    from flask import Blueprint
    from sqlalchemy.orm import Session

    from plugins.stock_notes.settings import StockSettings


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    """Bring the card, the board, tellings and lists."""
    from plugins.stock_notes.views import blueprints

    return blueprints()


@hookimpl
def desk_settings() -> type[StockSettings]:
    """Let an owner say what is low, and what a telling begins with."""
    from plugins.stock_notes.settings import StockSettings

    return StockSettings


@hookimpl
def desk_permissions() -> list[Permission]:
    """Declare who may look, note, tell, and write lists."""
    return places.RIGHTS


@hookimpl
def desk_nav_items() -> list[Link]:
    """Offer the board and the lists."""
    return places.pages()


@hookimpl
def desk_assets() -> list[Asset]:
    """Bring the keys of the board, and how things look."""
    return list(places.ASSETS)


@hookimpl
def desk_ticket_panels(ticket: TicketRef) -> list[Panel]:
    """Show what a ticket is about and where it is in."""
    return places.beside_ticket(ticket)


@hookimpl
def desk_customer_panels(customer: CustomerRef) -> list[Panel]:
    """Show what a customer waits for."""
    return places.about_customer(customer)


@hookimpl
def desk_search_terms() -> list[SearchTerm]:
    """Find tickets by how much there is of what they ask for."""
    from plugins.stock_notes.asks import TERMS

    return TERMS


@hookimpl
def desk_subscriptions() -> list[Subscription]:
    """Note what new tickets ask for."""
    from plugins.stock_notes.asks import subscriptions

    return subscriptions()


@hookimpl
def desk_jobs() -> list[JobType]:
    """Tell those who wait, a few at a time."""
    from plugins.stock_notes.telling import tell

    return [JobType(name="stock_notes.tell", run=tell)]


@hookimpl
def desk_privacy_handlers() -> list[PrivacyHandler]:
    """Tell and forget what is kept of a customer."""
    from plugins.stock_notes.privacy import handler

    return [handler()]


@hookimpl
def desk_deactivate(session: Session) -> None:
    """Stop tellings that are under way: what arrived a year ago is no news."""
    from plugins.stock_notes.runs import stop_all

    stop_all(session)
