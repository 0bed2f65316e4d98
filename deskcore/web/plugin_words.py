"""What the plugins' pages say: of states, of what was done, of what a plugin may and does."""

from __future__ import annotations

from collections.abc import Callable

from deskcore.domain.kinds import PluginState
from deskcore.i18n import lazy_gettext as _
from deskcore.services.plugin_pages import PluginLine

DONE = {
    "activate": _("%(name)s is active."),
    "resume": _("%(name)s works again."),
    "upgrade": _("%(name)s is upgraded."),
    "deactivate": _("%(name)s is inactive. Everything it stored is kept."),
    "pause": _("%(name)s is paused. Everything it stored is kept."),
    "uninstall": _("%(name)s is uninstalled: what it stored is gone."),
}

SHOWN: dict[str, Callable[[PluginLine], bool]] = {
    "active": lambda line: line.state == PluginState.ACTIVE,
    "inactive": lambda line: line.state == PluginState.INACTIVE,
    "upgrade": lambda line: bool(line.upgrade_to),
    "trouble": lambda line: line.state not in {PluginState.ACTIVE, PluginState.INACTIVE},
}

# What a plugin says it touches ("data" in its manifest); anything else is shown as written.
DATA = {
    "ticket:read": _("Reads tickets and what was written in them"),
    "ticket:write": _("Changes tickets"),
    "customer:read": _("Reads names and addresses of customers"),
    "customer:write": _("Changes customers"),
    "message:write": _("Changes or writes messages"),
}

# Where a plugin takes part, by hook, in the words of somebody who uses the desk.
PLACES = {
    "desk_channels": _("Brings messages in and carries answers out"),
    "desk_subscriptions": _("Is told what happens in the desk"),
    "desk_blueprints": _("Has pages of its own"),
    "desk_settings": _("Has settings"),
    "desk_jobs": _("Works in the background"),
    "desk_health": _("Says how it is"),
    "desk_privacy_handlers": _("Keeps something of customers, and can tell and forget it"),
    "desk_services": _("Offers something to other plugins"),
    "desk_permissions": _("Brings rights of its own"),
    "desk_ticket_panels": _("Shows boxes beside tickets"),
    "desk_nav_items": _("Adds to the navigation"),
    "desk_customer_links": _("Adds to the pages of customers"),
    "desk_inbound_verdict": _("Judges messages that come in"),
    "desk_inbound_prepare": _("Changes messages before they are filed"),
    "desk_reply_check": _("Checks answers before they are sent"),
    "desk_outbound_prepare": _("Changes answers before they are sent"),
}
