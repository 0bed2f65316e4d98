"""A made-up shop that takes part wherever a plugin can: the reference for hooks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from deskcore.plugin import HealthCheck, JobType, Link, PrivacyHandler, Service, hookimpl

if TYPE_CHECKING:
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
