"""Makes half of what it begins with, then raises."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from deskcore.plugin import hookimpl

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@hookimpl
def desk_activate(session: Session) -> None:
    """Write a row, then fail."""
    session.execute(text("INSERT INTO plg_fails_at_activation_thing (id) VALUES (1)"))
    raise RuntimeError("half of it is done")
