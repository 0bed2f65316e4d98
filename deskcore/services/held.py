"""Transactions that write, while they are open; one that a plugin holds for too long is ended.

SQLite has one writer: whoever keeps a transaction open stops mail and every button of the desk.
Others wait ten seconds for their turn, so it is ended well before that.
"""

from __future__ import annotations

import sys
import traceback
from dataclasses import dataclass
from threading import get_ident
from time import monotonic
from types import FrameType
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session, SessionTransaction

from deskcore.db import WRITING
from deskcore.logs import get_logger
from deskcore.plugin.active import plugins
from deskcore.plugin.running import running
from deskcore.services.lending import KeptSession

log = get_logger(__name__)

HELD_S = 5.0
_DRIVERS = ("sqlalchemy", "psycopg", "sqlite3")


@dataclass(frozen=True, kw_only=True)
class Held:
    """One open transaction: which thread began it, when, and in which plugin's call."""

    thread: int
    since: float
    driver: Any  # of SQLite or of PostgreSQL
    slug: str


_held: dict[Session, Held] = {}


@event.listens_for(KeptSession, "after_begin")
def _begun(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if connection.get_execution_options().get(WRITING, False):
        _held[session] = Held(
            thread=get_ident(),
            since=monotonic(),
            driver=connection.connection.driver_connection,
            slug=running(),
        )


def ended(session: Session) -> None:
    """Forget a transaction that is over."""
    _held.pop(session, None)


def is_any_long() -> bool:
    """Whether some transaction has been open for too long."""
    return any(monotonic() - held.since > HELD_S for held in list(_held.values()))


def end_long() -> None:
    """End the transactions that plugins have held for too long, and name the plugins."""
    for session, held in list(_held.items()):
        if monotonic() - held.since > HELD_S:
            _end(session, held)


def _end(session: Session, held: Held) -> None:
    frame = sys._current_frames().get(held.thread)  # noqa: SLF001  documented, for cases like this
    slug = plugins().culprits.of_frame(frame) or held.slug
    if frame is not None and not slug:
        return  # a long piece of the desk's own work
    if _is_in_driver(frame):
        # A statement is broken off, and its connection looked at again: never closed under it.
        (getattr(held.driver, "interrupt", None) or held.driver.cancel)()
        return
    ended(session)
    held.driver.close()
    log.warning("a transaction was ended that took too long", plugin=slug)
    if slug:
        plugins().guard.blame(
            slug,
            "transaction",
            f"It held a transaction for more than {HELD_S:g} seconds. The desk ended it, because "
            "nobody else can write meanwhile; what was written in it is undone.",
            details="".join(traceback.format_stack(frame)) if frame else "",
        )


def _is_in_driver(frame: FrameType | None) -> bool:
    name = str(frame.f_globals.get("__name__", "")) if frame is not None else ""
    return name.partition(".")[0] in _DRIVERS
