"""How the desk is, item by item, for those who run it: what is wrong, why, and where to mend it.

What a machine asks of the desk is ``services/health.py``; this adds what only people can weigh.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import func, select

from deskcore import clock
from deskcore.domain.kinds import PluginState
from deskcore.domain.people import OWNER, SYSTEM, Actor
from deskcore.i18n import _, ngettext
from deskcore.models import DeskSetting, Role, SecondFactor, User
from deskcore.plugin.active import plugins
from deskcore.services import health, notice_sender, plugin_pages, theme_records
from deskcore.services.access import require
from deskcore.services.plugin_pages import PluginLine
from deskcore.services.server_checks import server_checks
from deskcore.services.unit import reading, unit_of_work

Level = Literal["bad", "warn", "unknown", "ok"]

_BACKUP_KEY = "backup.made_at"
BACKUP_EVERY = timedelta(days=7)
FRESH = timedelta(days=1)  # faults of plugins that are older are no news
_IN_TROUBLE = {PluginState.QUARANTINED, PluginState.PAUSED, PluginState.MISSING}
# What stops mail or pages; everything else that is not well can wait for an hour.
_VITAL = ("database", "files", "disk", "worker", "mailbox ")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing looked at. ``path`` leads to where it is mended; ``command`` is for the server."""

    level: Level
    title: str
    cure: str = ""
    path: str = ""
    command: str = ""


def findings(actor: Actor) -> list[Finding]:
    """Look at everything, the worst first; changes nothing. Needs the database."""
    require(actor, "desk.manage")
    found = [
        *_server(),
        *_running(),
        *_plugins(actor),
        *_theme(),
        *_people(),
        _own_mail(),
        _backup(),
    ]
    order = ("bad", "warn", "unknown", "ok")
    return sorted(found, key=lambda finding: order.index(finding.level))


def note_backup() -> None:
    """Write down that a whole backup was made just now."""
    with unit_of_work(SYSTEM) as unit:
        unit.session.merge(DeskSetting(key=_BACKUP_KEY, value=unit.now.isoformat()))


def _server() -> Iterator[Finding]:
    for check in server_checks():
        if check.key != "database":  # the next group asks it, too
            yield Finding(
                level=check.state, title=check.title, cure=check.fix, command=check.command
            )


def _running() -> Iterator[Finding]:
    for check in health.checks():
        level: Level = "ok"
        if not check.ok:
            level = "bad" if check.name.startswith(_VITAL) else "warn"
        if not check.is_known:
            level = "unknown"
        path = "" if check.ok else _path_of(check.name)
        yield Finding(level=level, title=_(check.message), cure=check.cure, path=path)


def _path_of(name: str) -> str:
    if name.startswith("plugin "):
        return f"/admin/plugins/{name.split()[1]}"
    return "/admin/mailboxes" if name.startswith("mailbox ") else ""


def _plugins(actor: Actor) -> Iterator[Finding]:
    if plugins().is_safe_mode:
        yield Finding(
            level="bad",
            title=_("The desk is in safe mode: no plugin runs."),
            path="/admin/plugins",
        )
    for plugin in plugin_pages.plugin_lines(actor):
        if finding := _plugin(plugin):
            yield finding


def _plugin(plugin: PluginLine) -> Finding | None:
    path = f"/admin/plugins/{plugin.slug}"
    if plugin.state in _IN_TROUBLE:
        title = _("The plugin %(name)s does not run.", name=plugin.name)
        return Finding(level="bad", title=title, cure=_(plugin.reason), path=path)
    recent = [fault for fault in plugin.faults if clock.now() - fault.last_at < FRESH]
    if recent:
        title = ngettext(
            "The plugin %(name)s failed at %(num)s thing since yesterday.",
            "The plugin %(name)s failed at %(num)s things since yesterday.",
            len(recent),
            name=plugin.name,
        )
        return Finding(level="warn", title=title, path=path)
    if plugin.upgrade_to:
        title = _("The plugin %(name)s waits for its upgrade.", name=plugin.name)
        return Finding(level="warn", title=title, path=path)
    if plugin.state == PluginState.ACTIVE:
        return Finding(level="ok", title=_("The plugin %(name)s works.", name=plugin.name))
    return None


def _theme() -> Iterator[Finding]:
    chosen = theme_records.choice()
    if not chosen.worn:
        for slug, reason in chosen.suspended.items():
            title = _("The theme %(name)s failed too often and is not worn.", name=slug)
            yield Finding(level="bad", title=title, cure=reason, path=f"/admin/themes/{slug}")


def _people() -> Iterator[Finding]:
    without = (
        select(func.count(User.id))
        .join(Role, Role.id == User.role_id)
        .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
        .where(
            Role.key == OWNER,
            User.deactivated_at.is_(None),
            SecondFactor.user_id.is_(None),
        )
    )
    with reading() as session:
        count = session.scalar(without) or 0
    if not count:
        yield Finding(level="ok", title=_("Every owner has a second factor."))
        return
    yield Finding(
        level="warn",
        title=ngettext(
            "%(num)s owner signs in with a password alone.",
            "%(num)s owners sign in with a password alone.",
            count,
        ),
        cure=_("Who learns that password has the whole desk. Ask owners for a second factor."),
        path="/admin/settings",
    )


def _own_mail() -> Finding:
    if notice_sender.can_send():
        return Finding(level="ok", title=_("The desk can write to its people."))
    return Finding(
        level="warn",
        title=_("The desk cannot write to its people."),
        cure=_("Invitations and new passwords are links that somebody hands over until then."),
        path="/admin/settings",
    )


def _backup() -> Finding:
    with reading() as session:
        row = session.get(DeskSetting, _BACKUP_KEY)
    made = datetime.fromisoformat(row.value) if row else None
    if made is not None and clock.now() - made < BACKUP_EVERY:
        return Finding(level="ok", title=_("A backup was made in the last seven days."))
    return Finding(
        level="warn",
        title=_("The desk knows of no backup in the last seven days."),
        cure=_("Have this run on the server every night, and keep its file somewhere else:"),
        command="desk backup",
    )
