"""What came to messages after they were filed, for the page: changes, and files still awaited.

Most threads have neither, and ask the database nothing more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Set as AbstractSet

from sqlalchemy import select
from sqlalchemy.orm import Session

from deskcore.domain.views import ChangeView, MessageView
from deskcore.models import AwaitedFile, MessageChange
from deskcore.services.changes import WITHDRAWN


def added(
    session: Session,
    messages: tuple[MessageView, ...],
    *,
    changed: AbstractSet[int],
    awaiting: AbstractSet[int],
) -> tuple[MessageView, ...]:
    """Return *messages* with what came to some of them later."""
    if not changed and not awaiting:
        return messages
    changes, awaited = _changes(session, changed), _awaited(session, awaiting)
    return tuple(
        message._replace(
            changes=changes.get(message.id, message.changes),
            awaited=tuple(awaited.get(message.id, ())),
        )
        for message in messages
    )


def _changes(session: Session, ids: AbstractSet[int]) -> dict[int, ChangeView]:
    found: dict[int, list[MessageChange]] = defaultdict(list)
    statement = (
        select(MessageChange)
        .where(MessageChange.message_id.in_(ids))
        .order_by(MessageChange.at, MessageChange.id)
    )
    for row in session.scalars(statement) if ids else ():
        found[row.message_id or 0].append(row)
    return {message_id: _view(rows) for message_id, rows in found.items()}


def _view(rows: list[MessageChange]) -> ChangeView:
    if any(row.kind in WITHDRAWN for row in rows):
        return ChangeView(is_withdrawn=True)
    return ChangeView(
        versions=tuple(
            (row.at, str(row.before.get("text", ""))) for row in rows if row.kind == "edit"
        ),
        reactions=tuple(
            (row.content, row.author_name or row.author_address)
            for row in rows
            if row.kind == "reaction" and row.ended_at is None
        ),
    )


def _awaited(session: Session, ids: AbstractSet[int]) -> dict[int, list[tuple[str, str]]]:
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    statement = select(AwaitedFile).where(AwaitedFile.message_id.in_(ids)).order_by(AwaitedFile.id)
    for row in session.scalars(statement) if ids else ():
        found[row.message_id].append((row.filename, row.problem if row.given_up_at else ""))
    return found
