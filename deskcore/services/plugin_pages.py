"""The plugins page: who is in, who is not and why, and whose fault what was."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from sqlalchemy import select

from deskcore.domain.kinds import PluginState
from deskcore.domain.people import Actor
from deskcore.models import PluginRecord
from deskcore.plugin.active import plugins
from deskcore.services import plugin_faults
from deskcore.services.access import require
from deskcore.services.plugin_faults import FaultLine
from deskcore.services.unit import reading


@dataclass(frozen=True, kw_only=True)
class PluginLine:
    """One plugin: its state, the reason for it, what it failed at; ``details`` is a traceback."""

    slug: str
    name: str
    summary: str
    version: str
    source: str
    state: PluginState
    reason: str
    details: str = field(repr=False, default="")
    faults: tuple[FaultLine, ...] = ()


def plugin_lines(actor: Actor) -> list[PluginLine]:
    """List every plugin the desk knows, those in trouble first, then by name."""
    require(actor, "plugins.manage")
    faults: dict[str, list[FaultLine]] = defaultdict(list)
    for line in plugin_faults.recent(actor):
        faults[line.slug].append(line)
    with reading() as session:
        paused = {
            row.slug: row.reason
            for row in session.scalars(
                select(PluginRecord).where(
                    PluginRecord.state == PluginState.PAUSED,
                    # A pause ends with the process; an older one is history.
                    PluginRecord.changed_at >= plugins().loaded_at,
                )
            )
        }
    lines = [
        PluginLine(
            slug=status.slug,
            name=status.name,
            summary=status.summary,
            version=status.version,
            source=status.source or "",
            state=_state(status.state, is_paused=status.slug in paused),
            reason=status.reason or paused.get(status.slug, ""),
            details=status.details,
            faults=tuple(faults[status.slug]),
        )
        for status in plugins().statuses_now()
    ]
    return sorted(lines, key=lambda line: (not _is_troubled(line), line.name.casefold()))


def surroundings() -> dict[str, object]:
    """Say what holds for all plugins: whether the desk is in safe mode."""
    return {"is_safe_mode": plugins().is_safe_mode}


def _state(state: PluginState, *, is_paused: bool) -> PluginState:
    return PluginState.PAUSED if is_paused and state == PluginState.ACTIVE else state


def _is_troubled(line: PluginLine) -> bool:
    quiet = {PluginState.ACTIVE, PluginState.INACTIVE}
    return line.state not in quiet or bool(line.faults)
