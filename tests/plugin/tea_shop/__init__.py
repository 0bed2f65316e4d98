"""A made-up shop that takes part wherever a plugin can: the reference for hooks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.plugin import hookimpl

if TYPE_CHECKING:
    from .settings import ShopSettings


@hookimpl
def desk_settings() -> type[ShopSettings]:
    """Say where the shop's till is and how to ask it."""
    from .settings import ShopSettings

    return ShopSettings
