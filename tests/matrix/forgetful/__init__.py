"""A plugin that means no harm and forgets every guard it can; ``careful`` does the same, well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.plugin import hookimpl

if TYPE_CHECKING:
    from flask import Blueprint


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    """Bring pages without a thought."""
    from .views import blueprint

    return [blueprint]
