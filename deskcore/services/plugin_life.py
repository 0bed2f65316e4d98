"""Switching plugins on behalf of a person: pausing by itself, everything else as an errand."""

from __future__ import annotations

from deskcore.domain.kinds import PluginState
from deskcore.domain.people import Actor
from deskcore.errors import Conflict, NotFound
from deskcore.extensions import config
from deskcore.i18n import _
from deskcore.plugin.active import plugins
from deskcore.plugin.orders import Order, Outcome, What
from deskcore.services import access, plugin_errands, plugin_records
from deskcore.services.unit import unit_of_work


def switch(actor: Actor, slug: str, what: What) -> Outcome:
    """Activate, resume, upgrade, deactivate or uninstall a plugin; waits until it is done.

    A refusal is an answer, with its reason. Processes that run now are replaced afterwards.
    """
    access.require(actor, "plugins.manage")
    return plugin_errands.run(config(), Order(what=what, slug=slug, user_id=actor.id))


def pause(actor: Actor, slug: str) -> None:
    """Leave an active plugin alone until somebody resumes it; it is not told. Keeps all data."""
    access.require(actor, "plugins.manage")
    if plugins().choice.is_fixed:
        raise Conflict(_("The configuration on the server says which plugins are active."))
    with unit_of_work(actor) as unit:
        kept = plugin_records.kept(unit.session).get(slug)
        if kept is None:
            raise NotFound(_("There is no such plugin."))
        if kept.state == PluginState.ACTIVE:
            reason = _("Paused by %(name)s.", name=actor.name or _("somebody at the server"))
            plugin_records.keep(unit, slug, PluginState.PAUSED, reason=reason)
            plugin_records.set_changed(unit)
            unit.audit("plugin.paused", slug)
