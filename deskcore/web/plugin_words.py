"""What the plugins' pages say: of states, of what was done, of what a plugin may and does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

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
    "desk_commands": _("Has commands for the server"),
    "desk_assets": _("Brings styles or scripts for pages"),
    "desk_ticket_fields": _("Adds fields to tickets"),
    "desk_search_terms": _("Adds to what can be searched for"),
    "desk_placeholders": _("Fills placeholders in saved texts"),
    "desk_ticket_panels": _("Shows boxes beside tickets"),
    "desk_customer_panels": _("Shows boxes on the pages of customers"),
    "desk_ticket_actions": _("Adds to the menu of tickets"),
    "desk_composer_tools": _("Adds buttons below answers"),
    "desk_dashboard_widgets": _("Shows cards on the first page of the administration"),
    "desk_help_parts": _("Shows something on the help page for customers"),
    "desk_message_notes": _("Remarks on messages"),
    "desk_list_columns": _("Adds to lists of tickets"),
    "desk_nav_items": _("Adds to the navigation"),
    "desk_customer_links": _("Adds to the pages of customers"),
    "desk_inbound_verdict": _("Judges messages that come in"),
    "desk_inbound_prepare": _("Changes messages before they are filed"),
    "desk_reply_check": _("Checks answers before they are sent"),
    "desk_outbound_prepare": _("Changes answers before they are sent"),
}

# Where that can be looked at. Parts of pages have ids by their plugin; a browser goes to them.
_SHOWN_AT = {
    "desk_ticket_panels": "/t/{number}#panel-{slug}-1",
    "desk_ticket_actions": "/t/{number}#action-{slug}-1",
    "desk_composer_tools": "/t/{number}#composertool-{slug}-1",
    "desk_message_notes": "/t/{number}#thread",
    "desk_ticket_fields": "/t/{number}#ticket-fields",
    "desk_customer_panels": "/customers/{customer_id}#panel-{slug}-1",
    "desk_customer_links": "/customers/{customer_id}",
    "desk_list_columns": "/v/open#rows",
    "desk_nav_items": "/v/open#nav",
    "desk_dashboard_widgets": "/admin#widget-{slug}-1",
    "desk_help_parts": "/help",
    "desk_search_terms": "/search#hints-title",
    "desk_permissions": "/admin/roles",
    "desk_settings": "#settings",
    "desk_health": "/admin/health",
}


class Place(NamedTuple):
    """Where a plugin takes part, and where that can be looked at, "" for nowhere."""

    text: str
    url: str


def places(slug: str, hooks: Iterable[str], number: int, customer_id: int) -> list[Place]:
    """Put the hooks of a plugin into words; those of a ticket are shown at *number*, 0 for none."""
    known = {"slug": slug, "number": number, "customer_id": customer_id}
    found = []
    for hook in hooks:
        address = _SHOWN_AT.get(hook, "")
        is_nowhere = "{number}" in address and not number
        is_nobodys = "{customer_id}" in address and not customer_id
        shown = "" if is_nowhere or is_nobodys else address.format(**known)
        found.append(Place(str(PLACES.get(hook, hook)), shown))
    return found
