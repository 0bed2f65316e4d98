"""Counts the statements that reach the database, for promises like "one query per page"."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from deskcore.extensions import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect the statements that are executed inside the block, but for BEGIN."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
