"""A plugin becomes active, is resumed after a pause, or goes from one version to the next."""

from __future__ import annotations

from collections.abc import Callable

from deskcore.app import create_app
from deskcore.domain.kinds import PluginState
from deskcore.extensions import db
from deskcore.plugin import migrations, requirements
from deskcore.plugin.active import plugins
from deskcore.plugin.discovery import Found
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.loader import BOOT, packages_needed
from deskcore.plugin.manifest import incompatibility
from deskcore.plugin.orders import Order, Outcome
from deskcore.plugin.recovery import Quarantine
from deskcore.plugin.ticket_kinds import TicketKind
from deskcore.prepare import only_migrator, without_plugins
from deskcore.services import kind_rows, plugin_records
from deskcore.services.unit import unit_of_work
from deskcore.switching.look import Looked, Refused

_AUDITED = {"activate": "activated", "resume": "resumed", "upgrade": "upgraded"}


def activate(looked: Looked, order: Order) -> Outcome:
    """Make it active, or leave everything as it was."""
    found = _fit(looked, order)
    Quarantine(looked.config.instance / BOOT).release(order.slug)
    _make_active(looked, order, found)
    return Outcome(is_done=True)


def upgrade(looked: Looked, order: Order) -> Outcome:
    """Bring its tables to the version that lies there; one that cannot be is paused.

    Its code is the new one by then and must not meet its data, which is as it was.
    """
    try:
        return activate(looked, order)
    except Refused as refused:
        reason = f"It could not be upgraded, and its data is as it was. {refused}"
        with (
            create_app(without_plugins(looked.config), has_pages=False).app_context(),
            unit_of_work(looked.actor) as unit,
        ):
            plugin_records.keep(unit, order.slug, PluginState.PAUSED, reason=reason)
            plugin_records.set_changed(unit)
            unit.audit("plugin.paused", order.slug, after={"reason": reason})
        return Outcome(is_done=False, reason=reason, details=refused.details)


def _fit(looked: Looked, order: Order) -> Found:
    """Look at everything that can be known without importing it."""
    found = looked.found
    if found is None:
        raise Refused("Its folder or package is gone. Put it back, or uninstall it.")
    if found.problem or found.manifest is None:
        raise Refused(found.problem)
    if reason := incompatibility(found.manifest):
        raise Refused(reason)
    if packages := requirements.missing(found.manifest.packages):
        raise Refused(packages_needed(packages))
    if away := [slug for slug in found.manifest.requires if slug not in looked.active]:
        raise Refused(f"It needs plugins that are not active: {', '.join(away)}.")
    if order.what == "activate" and order.slug in looked.active:
        raise Refused("It is active already.")
    return found


def _make_active(looked: Looked, order: Order, found: Found) -> None:
    """Build a desk with it, make its tables, let it make its rows, remember that it is active."""
    version = found.manifest.version if found.manifest else ""
    slugs = tuple(sorted(looked.active | {order.slug}))
    trial = create_app(looked.config.model_copy(update={"plugins": slugs}), is_marked=True)
    with trial.app_context():
        _require_loaded(order.slug)
        undo = _bring_up(found)
        try:
            with unit_of_work(looked.actor) as unit:
                if order.what == "activate":
                    plugins().hooks.activate(order.slug, unit.session)
                kind_rows.keep(unit, order.slug, _kinds_of(order.slug))
                plugin_records.keep(unit, order.slug, PluginState.ACTIVE, version=version)
                plugin_records.set_changed(unit)
                unit.audit(f"plugin.{_AUDITED[order.what]}", order.slug, after={"version": version})
        except PluginFailed as failed:
            undo()
            raise Refused(str(failed), failed.fault.traceback) from failed


def _kinds_of(slug: str) -> list[TicketKind]:
    brought = plugins().registry.ticket_kinds.all()
    return [owned.item for owned in brought if owned.slug == slug]


def _require_loaded(slug: str) -> None:
    """Refuse what was left out of the trial, or failed while it was taken in."""
    of_slug = [status for status in plugins().statuses if status.slug == slug]
    if not any(status.state == PluginState.ACTIVE for status in of_slug):
        raise Refused(of_slug[-1].reason, of_slug[-1].details)
    if fault := plugins().guard.last_fault(slug):
        raise Refused(f"It failed in {fault.place}: {fault.message}", fault.traceback)


def _bring_up(found: Found) -> Callable[[], None]:
    """Make or change its tables; returns what takes that back."""
    component = migrations.of_plugin(found)
    if component is None:
        return lambda: None
    before = migrations.current(db.engine, component)
    try:
        with only_migrator(db.engine):
            migrations.bring_up(db.engine, component)
    except Exception as error:
        raise Refused(f"Its tables could not be made or changed: {error}") from error

    def undo() -> None:
        if migrations.current(db.engine, component) != before:
            migrations.downgrade(db.engine, component, before or "base")

    return undo
