"""What the database remembers of plugins: which are active, at which version, since which change.

Every change of the set raises its generation in the same transaction; running processes notice
and are replaced by fresh ones (``deskcore.renewal``).
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from deskcore.clock import now
from deskcore.domain.kinds import PluginState
from deskcore.logs import get_logger
from deskcore.models import PluginRecord, PluginSet
from deskcore.plugin.choice import Choice, Kept
from deskcore.plugin.discovery import Found
from deskcore.services.unit import Unit, reading

log = get_logger(__name__)

UNREADABLE = -1  # no generation is: whoever began without knowing the set begins again


def choice(configured: tuple[str, ...] | None) -> Choice:
    """Return the set of plugins as it is wanted now; *configured* decides it when it is given.

    A database that cannot be read gives none at all, rather than one that was switched off.
    """
    try:
        with reading() as session:
            return Choice(
                configured=configured,
                kept={} if configured is not None else kept(session),
                generation=_generation(session),
            )
    except SQLAlchemyError as error:
        log.warning("the set of plugins cannot be read; going on without", exc_info=error)
        return Choice(configured=configured or (), kept={}, generation=UNREADABLE)


def kept(session: Session) -> dict[str, Kept]:
    """Return every plugin that was ever met, by slug."""
    return {
        row.slug: Kept(state=PluginState(row.state), version=row.version, reason=row.reason)
        for row in session.scalars(select(PluginRecord))
    }


def generation() -> int:
    """Return the number of the present set."""
    with reading() as session:
        return _generation(session)


def keep(
    unit: Unit, slug: str, state: PluginState, *, version: str | None = None, reason: str = ""
) -> None:
    """Remember a plugin's state; *version* None leaves the one that is known."""
    row = unit.session.get(PluginRecord, slug)
    if row is None:
        row = PluginRecord(slug=slug, version="")
        unit.session.add(row)
    row.state, row.reason, row.changed_at = state, reason, unit.now
    if version is not None:
        row.version = version


def met(session: Session, found: Iterable[Found]) -> None:
    """Remember at which versions the active plugins are; what was never met is active from now."""
    for plugin in found:
        version = plugin.manifest.version if plugin.manifest else ""
        row = session.get(PluginRecord, plugin.slug)
        if row is None:
            row = PluginRecord(slug=plugin.slug, state=PluginState.ACTIVE, changed_at=now())
            session.add(row)
        row.version = version


def forget(unit: Unit, slug: str) -> None:
    """Remember nothing of a plugin any more."""
    row = unit.session.get(PluginRecord, slug)
    if row is not None:
        unit.session.delete(row)


def set_changed(unit: Unit) -> None:
    """Have every running process replaced by one with the new set, once this is committed."""
    unit.session.execute(update(PluginSet).values(generation=PluginSet.generation + 1))


def _generation(session: Session) -> int:
    return session.scalars(select(PluginSet.generation)).one()
