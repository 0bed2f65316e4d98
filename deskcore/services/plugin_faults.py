"""Failures of plugins, kept for the plugins page: one row per distinct one, counted.

Faults happen in the middle of other work, so they are collected and written after it.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from deskcore.clock import now
from deskcore.db import insert_into
from deskcore.domain.kinds import PluginState
from deskcore.domain.people import Actor
from deskcore.models import PluginFault
from deskcore.plugin.active import plugins
from deskcore.plugin.faults import SLOW, Fault
from deskcore.services import access, plugin_records
from deskcore.services.unit import Unit, is_open, reading, unit_of_work

MAX_WAITING = 500
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Pause:
    """A plugin that is left alone from a moment on."""

    slug: str
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class FaultLine:
    """One distinct failure as admins see it."""

    slug: str
    place: str
    message: str
    traceback: str
    count: int
    first_at: datetime
    last_at: datetime

    @property
    def is_slow(self) -> bool:
        """Whether it did not fail, but took too long."""
        return self.place.startswith(SLOW)


class StoredFaults:
    """Collects faults and writes them when asked, outside any transaction; never raises."""

    def __init__(self) -> None:
        self._waiting: deque[Fault | Pause] = deque(maxlen=MAX_WAITING)

    def record(self, fault: Fault) -> None:
        """Take one fault."""
        log.warning(
            "plugin fault plugin=%s place=%s digest=%s", fault.slug, fault.place, fault.digest
        )
        self._waiting.append(fault)

    def paused(self, slug: str, place: str, reason: str) -> None:
        """Learn that a plugin, or one hook of it, is left alone."""
        log.warning("plugin paused plugin=%s place=%s", slug, place)
        if not place:  # one hook that rests for a while is told by its faults
            self._waiting.append(Pause(slug=slug, reason=reason, at=now()))

    def flush(self) -> None:
        """Write what waits; what cannot be written now stays for the next time."""
        if not self._waiting or is_open():
            return
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            _write(batch)
        except SQLAlchemyError:
            self._waiting.extendleft(reversed(batch))
            log.warning("plugin faults could not be stored yet")


def recent(actor: Actor, limit: int = 100) -> Sequence[FaultLine]:
    """List the distinct failures, the latest first."""
    with reading() as session:
        access.require(actor, "plugins.manage", session)
        rows = session.scalars(
            select(PluginFault).order_by(PluginFault.last_at.desc()).limit(limit)
        )
        return [
            FaultLine(
                slug=row.slug,
                place=row.place,
                message=row.message,
                traceback=row.traceback,
                count=row.count,
                first_at=row.first_at,
                last_at=row.last_at,
            )
            for row in rows
        ]


def _write(batch: Sequence[Fault | Pause]) -> None:
    with unit_of_work() as unit:
        for entry in batch:
            if isinstance(entry, Pause):
                _pause(unit, entry)
            else:
                _count(unit, entry)


def _pause(unit: Unit, pause: Pause) -> None:
    """Leave the plugin out of fresh processes, which take the place of all that run.

    What it did to those (threads, changed globals) ends with them. A plugin that must see every
    reply is not left out by itself: its pause holds replies in this process.
    """
    loaded = plugins()
    manifest = loaded.manifests.get(pause.slug)
    if loaded.choice.is_fixed or (manifest is not None and manifest.guards):
        return
    kept = plugin_records.kept(unit.session).get(pause.slug)
    if kept is not None and kept.state != PluginState.ACTIVE:
        return
    version = manifest.version if manifest is not None else None
    plugin_records.keep(unit, pause.slug, PluginState.PAUSED, version=version, reason=pause.reason)
    plugin_records.set_changed(unit)
    unit.audit("plugin.paused", pause.slug, after={"reason": pause.reason})


def _count(unit: Unit, fault: Fault) -> None:
    statement = insert_into(unit.session, PluginFault).values(
        slug=fault.slug,
        place=fault.place,
        digest=fault.digest,
        message=fault.message,
        traceback=fault.traceback,
        count=1,
        first_at=fault.at,
        last_at=fault.at,
    )
    unit.session.execute(
        statement.on_conflict_do_update(
            index_elements=["digest"],
            set_={
                "count": PluginFault.count + 1,
                "last_at": fault.at,
                # How long it took the last time.
                **({"message": fault.message} if fault.place.startswith(SLOW) else {}),
            },
        )
    )
