"""A made-up shop that takes part wherever a plugin can: the reference for hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.plugin import Link, hookimpl

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
