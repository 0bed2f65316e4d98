"""What the rescue page does: see and switch plugins, safe mode, fresh processes.

Everything goes through the services that others use; what is special is only that a database that
is away costs as little as it can.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from deskcore.domain.kinds import PluginState
from deskcore.domain.people import Actor
from deskcore.errors import Conflict, NotFound
from deskcore.extensions import config
from deskcore.i18n import _
from deskcore.logs import get_logger
from deskcore.plugin.active import plugins
from deskcore.plugin.orders import Outcome, What
from deskcore.plugin.recovery import SAFE_MODE_FILE, Blame, Quarantine, is_safe_mode
from deskcore.services import access, plugin_life, plugin_pages, plugin_records
from deskcore.services.plugin_pages import Can, PluginLine
from deskcore.services.unit import unit_of_work

log = get_logger(__name__)

RIGHT = "owner.manage"
# The first of these that can be done switches a plugin on. It is switched off by a pause, which
# asks the plugin nothing.
_ON: tuple[What, ...] = ("resume", "activate")
_RUNS: tuple[Can, ...] = ("pause", "deactivate")


@dataclass(frozen=True, kw_only=True)
class RescueLine:
    """One plugin on the rescue page, and how it is switched: ``on``, ``off`` or both."""

    plugin: PluginLine
    on: bool
    off: bool


@dataclass(frozen=True, kw_only=True)
class RescueView:
    """What the rescue page shows; ``lines`` is None while the database does not say.

    ``is_safe`` is how this process runs, ``will_be_safe`` how the next one will; ``is_locked``
    says that safe mode comes from the configuration.
    """

    lines: Sequence[RescueLine] | None
    blames: Sequence[Blame]
    is_safe: bool
    will_be_safe: bool
    is_locked: bool
    is_fixed: bool


def view(actor: Actor) -> RescueView:
    """Gather what the page shows."""
    access.require(actor, RIGHT)
    settings = config()
    return RescueView(
        lines=_lines(actor),
        blames=list(Quarantine(plugins().boot).blames().values()),
        is_safe=plugins().is_safe_mode,
        will_be_safe=is_safe_mode(settings.instance, configured=settings.safe_mode),
        is_locked=settings.safe_mode,
        is_fixed=settings.plugins is not None,
    )


def switch_off(actor: Actor, slug: str) -> None:
    """Leave a plugin alone at once, without running anything of it; its data stays."""
    access.require(actor, RIGHT)
    plugin_life.pause(actor, slug)


def switch_on(actor: Actor, slug: str) -> Outcome:
    """Let a plugin work again; it is tried in a process of its own first."""
    access.require(actor, RIGHT)
    can = next((line.plugin.can for line in _lines(actor) or () if line.plugin.slug == slug), None)
    if can is None:
        raise NotFound(_("There is no such plugin."))
    what = next((each for each in _ON if each in can), None)
    if what is None:
        raise Conflict(_("This plugin cannot be switched on here."))
    return plugin_life.switch(actor, slug, what)


def start_safe_mode(actor: Actor) -> None:
    """Have the next processes load no plugin, until somebody ends it."""
    access.require(actor, RIGHT)
    (config().instance / SAFE_MODE_FILE).touch(mode=0o600)
    renew(actor, "safe_mode.started")


def end_safe_mode(actor: Actor) -> None:
    """Have the next processes load the plugins again."""
    access.require(actor, RIGHT)
    (config().instance / SAFE_MODE_FILE).unlink(missing_ok=True)
    renew(actor, "safe_mode.ended")
    if config().safe_mode:
        text = _("The configuration on the server says safe mode (safe_mode). Change it there.")
        raise Conflict(text)


def renew(actor: Actor, action: str = "desk.restarted") -> None:
    """Have every process of the desk replaced by a fresh one: a new generation, of the same set.

    While the database is away only this machine's are, which whoever asked has to tell them.
    """
    access.require(actor, RIGHT)
    try:
        with unit_of_work(actor) as unit:
            plugin_records.set_changed(unit)
            unit.audit(action)
    except SQLAlchemyError as error:
        log.warning("not written to the audit log", action=action, exc_info=error)


def _lines(actor: Actor) -> list[RescueLine] | None:
    with suppress(SQLAlchemyError):
        # In safe mode this process has loaded none on purpose; what matters is what is wanted.
        found = plugin_pages.plugin_lines(actor, is_outside=plugins().is_safe_mode)
        # Those that run come first: one of them may be what hurts.
        return sorted(map(_line, found), key=lambda line: not line.off)
    return None


def _line(plugin: PluginLine) -> RescueLine:
    return RescueLine(
        plugin=plugin,
        on=any(each in plugin.can for each in _ON),
        off=any(each in plugin.can for each in _RUNS) and plugin.state != PluginState.PAUSED,
    )
