"""A plugin that keeps every guard: what the forgetful one does, done well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.api import N_, Permission
from deskcore.plugin import hookimpl

if TYPE_CHECKING:
    from flask import Blueprint

    from .settings import CarefulSettings

DRAWER = "careful.drawer.open"


@hookimpl
def desk_permissions() -> list[Permission]:
    """Say who may look into the drawer."""
    return [Permission(name=DRAWER, label=N_("Look into the drawer"), roles=("owner", "admin"))]


@hookimpl
def desk_settings() -> type[CarefulSettings]:
    """Keep a note and a token."""
    from .settings import CarefulSettings

    return CarefulSettings


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    """Bring pages about tickets, customers and the drawer."""
    from .views import blueprint

    return [blueprint]
