"""Ends the process that tells it to let go, and raises when it is to remove itself."""

from __future__ import annotations

import os

from deskcore.plugin import hookimpl


@hookimpl
def desk_deactivate() -> None:
    """End everything."""
    os._exit(9)


@hookimpl
def desk_uninstall() -> None:
    """Fail at leaving."""
    raise RuntimeError("does not want to go")
