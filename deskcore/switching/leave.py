"""A plugin becomes inactive, with everything it stored kept; or it is uninstalled and nothing is."""

from __future__ import annotations

from flask.ctx import AppContext

from deskcore.app import create_app
from deskcore.domain.kinds import PluginState
from deskcore.extensions import db
from deskcore.logs import get_logger
from deskcore.plugin import migrations
from deskcore.plugin.active import plugins
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.loader import BOOT
from deskcore.plugin.orders import Order, Outcome
from deskcore.plugin.recovery import Quarantine
from deskcore.prepare import only_migrator
from deskcore.services import plugin_data, plugin_records
from deskcore.services.unit import unit_of_work
from deskcore.switching.look import Looked, Refused

log = get_logger(__name__)


def deactivate(looked: Looked, order: Order) -> Outcome:
    """Make it inactive; refused while active plugins need it."""
    needing = sorted(
        plugin.slug
        for plugin in looked.there
        if plugin.slug in looked.active
        and plugin.manifest
        and order.slug in plugin.manifest.requires
    )
    if needing:
        raise Refused(f"Active plugins need it: {', '.join(needing)}. Deactivate those first.")
    remark = ""
    slugs = (order.slug,) if order.tells_plugin and looked.found is not None else ()
    with _opened(looked, slugs):
        if slugs:
            try:
                with unit_of_work(looked.actor) as unit:
                    plugins().hooks.deactivate(order.slug, unit.session)
            except PluginFailed as failed:
                remark = str(failed)
        _make_inactive(looked, order)
    return Outcome(is_done=True, remark=remark)


def uninstall(looked: Looked, order: Order) -> Outcome:
    """Remove everything it stored, and nothing else; refused while it is active and there.

    Nothing of its code runs but its migrations, backwards: a plugin that cannot be loaded goes, too.
    """
    if looked.found is not None and order.slug in looked.active:
        raise Refused("It is active. Deactivate it first.")
    with _opened(looked, ()):
        _remove(looked, order)
    return Outcome(is_done=True)


def _opened(looked: Looked, slugs: tuple[str, ...]) -> AppContext:
    """Open the desk with these plugins alone."""
    config = looked.config.model_copy(update={"plugins": slugs})
    return create_app(config, is_marked=True, has_pages=False).app_context()


def _make_inactive(looked: Looked, order: Order) -> None:
    with unit_of_work(looked.actor) as unit:
        plugin_records.keep(unit, order.slug, PluginState.INACTIVE)
        plugin_records.set_changed(unit)
        unit.audit("plugin.deactivated", order.slug)


def _remove(looked: Looked, order: Order) -> None:
    with only_migrator(db.engine):
        _take_back(looked)
        plugin_data.drop_leftovers(db.engine, order.slug, looked.slugs)
    manifest = looked.found.manifest if looked.found is not None else None
    with unit_of_work(looked.actor) as unit:
        removed = plugin_data.remove_rows(unit, order.slug, looked.slugs)
        if manifest is not None and manifest.starts_active:
            plugin_records.keep(unit, order.slug, PluginState.INACTIVE, version="")
        else:
            plugin_records.forget(unit, order.slug)
        unit.audit("plugin.uninstalled", order.slug, after=removed)
    Quarantine(looked.config.instance / BOOT).release(order.slug)


def _take_back(looked: Looked) -> None:
    """Run its migrations backwards, as far as they can be: what stays is dropped by its name."""
    component = migrations.of_plugin(looked.found) if looked.found is not None else None
    if component is None or migrations.current(db.engine, component) is None:
        return
    try:
        migrations.downgrade(db.engine, component)
    except Exception as error:
        log.warning("a plugin's migrations cannot be taken back", exc_info=error)
