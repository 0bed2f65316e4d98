"""The plugins of the desk at work in this context; never a module global."""

from __future__ import annotations

from flask import current_app

from deskcore.plugin.loaded import Loaded
from deskcore.plugin.parsers import Parsers


def plugins() -> Loaded:
    """Return what ``create_app`` loaded for the app of this context."""
    found: Loaded = current_app.extensions["desk_plugins"]
    return found


def parsers() -> Parsers | None:
    """Return the processes that parse for this one; only a worker has them."""
    found: Parsers | None = current_app.extensions.get("desk_parsers")
    return found
