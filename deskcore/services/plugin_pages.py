"""The plugins as their admins see them: what is there, what runs, why not, and what can be done.

What lies in the folders is looked at anew each time, so that a plugin appears when it is dropped.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import select

from deskcore.domain.kinds import PluginState
from deskcore.domain.people import Actor
from deskcore.errors import NotFound
from deskcore.extensions import config
from deskcore.i18n import _
from deskcore.models import Ticket
from deskcore.plugin import requirements
from deskcore.plugin.active import plugins
from deskcore.plugin.choice import Choice, Kept
from deskcore.plugin.discovery import Found, discover
from deskcore.plugin.loader import DROPPED, packages_needed
from deskcore.plugin.manifest import Manifest, incompatibility
from deskcore.plugin.recovery import Quarantine
from deskcore.services import lists, plugin_data, plugin_faults, plugin_records
from deskcore.services.access import require, visible_tickets
from deskcore.services.plugin_data import Stored
from deskcore.services.plugin_faults import FaultLine
from deskcore.services.unit import reading

Can = Literal["activate", "resume", "upgrade", "deactivate", "pause", "uninstall"]

_CAN: dict[PluginState, tuple[Can, ...]] = {
    PluginState.ACTIVE: ("deactivate", "pause"),
    PluginState.INACTIVE: ("activate", "uninstall"),
    PluginState.PAUSED: ("resume", "deactivate"),
    PluginState.QUARANTINED: ("resume", "deactivate"),
    PluginState.MISSING: ("uninstall",),
    PluginState.INVALID: (),
    PluginState.INCOMPATIBLE: (),
}
_AT_REST = {PluginState.INACTIVE, PluginState.PAUSED}


@dataclass(frozen=True, kw_only=True)
class PluginLine:
    """One plugin: its state, the reason for it, what it failed at; ``details`` is a traceback.

    ``slow`` holds what did not fail, but took too long.
    ``upgrade_to`` is the version that lies there when another one was active.
    """

    slug: str
    name: str
    summary: str = ""
    version: str = ""
    source: str = ""
    author: str = ""
    homepage: str = ""
    state: PluginState
    reason: str = ""
    details: str = field(repr=False, default="")
    faults: tuple[FaultLine, ...] = ()
    slow: tuple[FaultLine, ...] = ()
    upgrade_to: str = ""
    can: tuple[Can, ...] = ()
    manifest: Manifest | None = None


def plugin_lines(actor: Actor, *, is_outside: bool = False) -> list[PluginLine]:
    """List every plugin the desk knows, those in trouble first, then by name.

    *is_outside* says that this process loaded none on purpose and knows only what is wanted.
    """
    require(actor, "plugins.manage")
    faults: dict[str, list[FaultLine]] = defaultdict(list)
    for line in plugin_faults.recent(actor):
        faults[line.slug].append(line)
    choice = plugin_records.choice(config().plugins)
    looking = _Looking(choice, is_outside=is_outside)
    lines = [looking.line(found, faults[found.slug]) for found in looking.there]
    lines += [looking.gone(slug, faults[slug]) for slug in looking.missing()]
    return sorted(lines, key=lambda line: (not _is_troubled(line), line.name.casefold()))


def plugin_line(actor: Actor, slug: str) -> PluginLine:
    """Return one plugin; raises NotFound."""
    lines = [line for line in plugin_lines(actor) if line.slug == slug]
    if not lines:
        raise NotFound(_("There is no such plugin."))
    return next((line for line in lines if line.can), lines[0])


def stored(actor: Actor, slug: str) -> Stored:
    """Count what uninstalling a plugin would remove."""
    known = {line.slug for line in plugin_lines(actor)}
    return plugin_data.stored(actor, slug, known)


def places(slug: str) -> list[str]:
    """Name the hooks in which a running plugin takes part."""
    return plugins().hooks.of_plugin(slug)


def example(actor: Actor) -> tuple[int, int]:
    """Return the newest ticket of a customer that *actor* may see, and the customer; 0 for none."""
    statement = (
        select(Ticket.number, Ticket.customer_id)
        .where(Ticket.customer_id.is_not(None), lists.LISTED, visible_tickets(actor))
        .order_by(Ticket.id.desc())
        .limit(1)
    )
    with reading() as session:
        found = session.execute(statement).one_or_none()
    return (found.number, found.customer_id or 0) if found else (0, 0)


def surroundings() -> dict[str, object]:
    """Say what holds for all plugins: safe mode, and whether the configuration decides."""
    return {
        "is_safe_mode": plugins().is_safe_mode,
        "is_fixed": config().plugins is not None,
    }


class _Looking:
    """What is there and what is wanted now, against what this process has loaded."""

    def __init__(self, choice: Choice, *, is_outside: bool) -> None:
        self._choice = choice
        self._is_safe_mode = plugins().is_safe_mode and not is_outside
        self.there = discover(config().instance / DROPPED)
        self._quarantine = Quarantine(plugins().boot)
        known = [] if is_outside else plugins().statuses_now()
        self._loaded = {status.slug: status for status in known}

    def missing(self) -> list[str]:
        """Name what is remembered or wanted, but nowhere to be found."""
        known = {found.slug for found in self.there}
        return sorted((self._choice.slugs(self.there) | self._choice.kept.keys()) - known)

    def gone(self, slug: str, faults: Sequence[FaultLine]) -> PluginLine:
        """Describe a plugin whose folder or package is gone."""
        kept = self._choice.kept.get(slug)
        reason = _("Its folder or package is gone. Everything it stored is still here.")
        if kept is None:
            reason = _("The configuration wants it, but there is no such plugin.")
        return PluginLine(
            slug=slug,
            name=slug,
            version=kept.version if kept else "",
            state=PluginState.MISSING,
            reason=reason,
            faults=tuple(fault for fault in faults if not fault.is_slow),
            slow=tuple(fault for fault in faults if fault.is_slow),
            can=_CAN[PluginState.MISSING] if kept else (),
        )

    def line(self, found: Found, faults: Sequence[FaultLine]) -> PluginLine:
        """Describe a plugin that is there."""
        state, reason, details = self._state(found)
        kept, manifest = self._choice.kept.get(found.slug), found.manifest
        upgrade_to = _upgrade(found, kept) if not self._choice.is_fixed else ""
        return PluginLine(
            slug=found.slug,
            name=found.name,
            summary=manifest.summary if manifest else "",
            version=kept.version if kept and upgrade_to else manifest.version if manifest else "",
            source=found.source,
            author=manifest.author if manifest else "",
            homepage=manifest.homepage if manifest else "",
            state=state,
            reason=reason,
            details=details,
            faults=tuple(fault for fault in faults if not fault.is_slow),
            slow=tuple(fault for fault in faults if fault.is_slow),
            upgrade_to=upgrade_to,
            can=() if self._choice.is_fixed else _can(state, kept, upgrade_to),
            manifest=manifest,
        )

    def _state(self, found: Found) -> tuple[PluginState, str, str]:
        if found.problem or found.manifest is None:
            return PluginState.INVALID, found.problem, ""
        if reason := incompatibility(found.manifest):
            return PluginState.INCOMPATIBLE, reason, ""
        return self._running(found) if self._choice.wants(found) else self._at_rest(found)

    def _running(self, found: Found) -> tuple[PluginState, str, str]:
        if self._is_safe_mode:
            return PluginState.INACTIVE, _("The desk is in safe mode."), ""
        status = self._loaded.get(found.slug)
        if reason := self._quarantine.reason(found.slug):
            return PluginState.QUARANTINED, reason, status.details if status else ""
        was_wanted = found.slug in plugins().manifests
        if status is None or (not was_wanted and status.state in _AT_REST):
            return PluginState.ACTIVE, self._choice.objection(found), ""  # of a newer set
        return status.state, status.reason, status.details

    def _at_rest(self, found: Found) -> tuple[PluginState, str, str]:
        state, reason = self._choice.at_rest(found.slug)
        if found.manifest and (packages := requirements.missing(found.manifest.packages)):
            reason = packages_needed(packages)
        return state, reason, ""


def _can(state: PluginState, kept: Kept | None, upgrade_to: str) -> tuple[Can, ...]:
    """Say what can be done with a plugin; one that was never met has nothing to uninstall."""
    can = _CAN[state]
    if kept is None:
        return tuple(each for each in can if each != "uninstall")
    if not can:  # it cannot run any more, but something of it may be here
        return ("uninstall",) if kept.state == PluginState.INACTIVE else ("deactivate",)
    if upgrade_to:
        return ("upgrade", *(each for each in can if each not in {"resume", "pause"}))
    return can


def _upgrade(found: Found, kept: Kept | None) -> str:
    version = found.manifest.version if found.manifest else ""
    return version if kept and kept.version and version and kept.version != version else ""


def _is_troubled(line: PluginLine) -> bool:
    quiet = {PluginState.ACTIVE, PluginState.INACTIVE}
    return line.state not in quiet or bool(line.faults) or bool(line.upgrade_to)
