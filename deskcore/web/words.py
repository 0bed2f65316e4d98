"""Words for stored keys: roles, states, rights and what the audit log calls things."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from flask import Flask

from deskcore import i18n
from deskcore.domain.money import Money, money_text
from deskcore.i18n import LANGUAGES, ago, long_time, number, short_date, short_time
from deskcore.i18n import lazy_gettext as _
from deskcore.web import plugin_words

ROLE_NAMES = {
    "owner": _("Owner"),
    "admin": _("Admin"),
    "agent": _("Agent"),
    "viewer": _("Viewer"),
}
ROLE_HINTS = {
    "owner": _("Everything, and makes other owners."),
    "admin": _("Everything but owners: mailboxes, people, plugins, settings, every ticket."),
    "agent": _("Reads, answers and solves tickets in the mailboxes of their teams."),
    "viewer": _("Reads tickets in the mailboxes of their teams; changes nothing."),
}
_IN_TEAMS = _("Sees the mailboxes of their teams only; without a team, none.")
ROLE_LIMITS = {
    "owner": [
        _("The last owner stays one: nobody removes them or changes their role."),
        _("Decides who needs a second factor."),
    ],
    "admin": [
        _("Neither makes nor changes nor removes owners, nor resets their second factor."),
        _("Does not decide who needs a second factor."),
    ],
    "agent": [_IN_TEAMS, _("Sees no settings, no other people’s accounts and no audit log.")],
    "viewer": [
        _IN_TEAMS,
        _("Changes nothing a customer or colleague could see; only their own account."),
    ],
}
PERSON_STATES = {
    "active": _("Active"),
    "invited": _("Invited"),
    "deactivated": _("Deactivated"),
}
PLUGIN_STATES = {
    "active": _("Active"),
    "inactive": _("Not active"),
    "quarantined": _("Failed to load"),
    "paused": _("Paused"),
    "missing": _("Missing"),
    "invalid": _("Cannot be read"),
    "incompatible": _("Made for another version"),
}
PLUGIN_TONES = {"active": "ok", "inactive": "", "paused": "warn"}
PLUGIN_SOURCES = {
    "bundled": _("comes with the desk"),
    "dropped": _("from instance/plugins"),
    "installed": _("installed with pip"),
}
PLUGIN_BUTTONS = {
    "activate": _("Activate"),
    "resume": _("Try again"),
    "upgrade": _("Upgrade"),
    "deactivate": _("Deactivate"),
    "pause": _("Pause"),
}
AUDIT_ACTIONS = {
    "access.refused": _("was refused"),
    "audit.exported": _("downloaded the audit log"),
    "customer.erased": _("erased a customer"),
    "customer.exported": _("exported a customer"),
    "desk.public": _("changed the pages for customers"),
    "desk.restarted": _("restarted every process"),
    "desk.set_up": _("set up the desk"),
    "desk.settings": _("changed the desk’s settings"),
    "plugin.activated": _("activated a plugin"),
    "plugin.deactivated": _("deactivated a plugin"),
    "plugin.paused": _("paused a plugin"),
    "theme.suspended": _("suspended a theme that failed"),
    "theme.activated": _("activated a theme"),
    "plugin.resumed": _("resumed a plugin"),
    "plugin.upgraded": _("upgraded a plugin"),
    "plugin.uninstalled": _("uninstalled a plugin"),
    "plugin.settings": _("changed the settings of a plugin"),
    "look.published": _("published a look"),
    "look.discarded": _("discarded a draft of the look"),
    "look.returned": _("went back to an earlier look"),
    "key.rotated": _("rotated the encryption key"),
    "link.ended": _("ended a customer’s link"),
    "link.made": _("made a customer’s link"),
    "mailbox.created": _("connected a mailbox"),
    "mailbox.changed": _("changed a mailbox"),
    "mailbox.connection": _("changed how a mailbox is reached"),
    "mailbox.paused": _("paused a mailbox"),
    "mailbox.resumed": _("resumed a mailbox"),
    "mailbox.backlog_started": _("started an import of older mail"),
    "desk.samples_added": _("added sample data"),
    "desk.samples_removed": _("removed sample data"),
    "role.rights": _("changed who has a right"),
    "user.seen_as": _("saw the desk as"),
    "rescue.failed": _("tried a wrong rescue key"),
    "rescue.key_made": _("made a rescue key at the server"),
    "rescue.left": _("left the rescue page"),
    "rescue.opened": _("came in by the rescue key"),
    "rescue.report": _("downloaded a report for support"),
    "safe_mode.ended": _("ended safe mode"),
    "safe_mode.started": _("started safe mode"),
    "second_factor.codes": _("made new recovery codes"),
    "second_factor.off": _("turned the second factor off"),
    "second_factor.on": _("turned the second factor on"),
    "second_factor.recovery": _("used a recovery code"),
    "second_factor.reset": _("reset the second factor"),
    "second_factor.roles": _("changed who needs a second factor"),
    "session.ended": _("ended a session"),
    "sign_in": _("signed in"),
    "sign_in.failed": _("failed to sign in"),
    "sign_in.password": _("entered the right password"),
    "sign_out": _("signed out"),
    "team.changed": _("changed a team"),
    "team.created": _("made a team"),
    "team.deleted": _("deleted a team"),
    "user.deactivated": _("deactivated"),
    "user.invited": _("invited"),
    "user.joined": _("accepted an invitation"),
    "user.password": _("set a new password"),
    "user.reactivated": _("reactivated"),
    "user.reset_asked": _("was sent a link for a new password"),
    "user.reset_link": _("made a link for a new password"),
    "user.role": _("changed the role"),
    "user.teams": _("changed the teams"),
}


def init_words(app: Flask) -> None:
    """Give templates the words, and filters that write times and numbers for the reader."""
    app.jinja_env.globals.update(
        languages=LANGUAGES,
        role_names=ROLE_NAMES,
        role_hints=ROLE_HINTS,
        role_limits=ROLE_LIMITS,
        person_states=PERSON_STATES,
        plugin_states=PLUGIN_STATES,
        plugin_tones=defaultdict(lambda: "bad", PLUGIN_TONES),
        plugin_sources=PLUGIN_SOURCES,
        plugin_buttons=PLUGIN_BUTTONS,
        plugin_data=plugin_words.DATA,
        audit_actions=AUDIT_ACTIONS,
    )
    app.jinja_env.filters.update(
        short_time=short_time,
        short_date=short_date,
        long_time=long_time,
        ago=ago,
        local_number=number,
        day=_day,
        money=_money,
        # For sentences that were stored as constants; "_" would take their "%" for a format.
        translated=_translated,
    )


def _day(day: date) -> str:
    return i18n.day_text(day, "medium")


def _money(amount: Money) -> str:
    return money_text(amount, i18n.page_language())


def _translated(text: str) -> str:
    return i18n._(text) if text else ""
