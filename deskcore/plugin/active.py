"""The plugins of the desk at work in this context; never a module global."""

from __future__ import annotations

from flask import current_app

from deskcore.plugin.loaded import Loaded


def plugins() -> Loaded:
    """Return what ``create_app`` loaded for the app of this context."""
    found: Loaded = current_app.extensions["desk_plugins"]
    return found
