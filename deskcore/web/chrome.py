"""What stands around every page: the desk's name, the reader's look, the entries of the nav."""

from __future__ import annotations

from flask import Flask, current_app, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from deskcore.services import access, health, nav_counts
from deskcore.theme.shell import Look, NavItem, NavSection, Shell, initials
from deskcore.web.hosts import is_unprotected
from deskcore.web.identity import current_user, signed_in_user, this_desk
from deskcore.web.ticket_words import VIEW_NAMES

VIEW_ICONS = {
    "unassigned": "inbox",
    "mine": "user",
    "open": "circle-dot",
    "waiting": "pause",
    "solved": "check",
    "spam": "ban",
}
VIEW_KEYS = {"unassigned": "g i", "mine": "g m", "open": "g o", "waiting": "g w"}
# Solved ones are many and nobody's work: no number says more than a large one.
UNCOUNTED = frozenset({"solved"})
MANAGED = (
    ("mailboxes", lazy_gettext("Mailboxes"), "/admin/mailboxes", "mailbox", "mailbox.manage"),
    ("people", lazy_gettext("People"), "/admin/people", "users", "people.manage"),
    ("plugins", lazy_gettext("Plugins"), "/admin/plugins", "plug", "plugins.manage"),
    ("settings", lazy_gettext("Settings"), "/admin/settings", "settings", "desk.manage"),
    ("health", lazy_gettext("Health"), "/admin/health", "heart-pulse", "desk.manage"),
    ("audit", lazy_gettext("Audit log"), "/admin/audit", "history", "audit.read"),
)


class DeskChrome:
    """The surroundings of whoever asks, signed in or not."""

    def site_name(self) -> str:
        """Name the desk as its owner calls it."""
        return this_desk().name or "Deskcore"

    def look(self) -> Look:
        """Give the signed-in reader's own look, else what the browser wants."""
        user = signed_in_user()
        if user is None:
            return Look()
        return Look(
            theme=user.theme,
            density=user.density,
            keys=user.has_shortcuts,
            reader=str(user.actor.id),
        )

    def shell(self) -> Shell:
        """Gather the nav of the signed-in reader, with its numbers."""
        user = current_user()
        counts = nav_counts.read(user.actor)
        may_answer = access.can(user.actor, "ticket.reply")
        views = tuple(_view_item(view, counts) for view in VIEW_NAMES)
        sections = (
            NavSection(title=_("Inbox"), entries=views),
            NavSection(title=_("Mail"), entries=_mail_items(counts)),
            NavSection(title=_("Manage"), entries=_managed_items()),
        )
        return Shell(
            user_name=user.actor.name,
            user_initials=initials(user.actor.name),
            sections=sections,
            bar_items=views[:3],
            user_items=_own_items(),
            new_url="/new" if may_answer else "",
            notice=_("The disk of this desk is full: mail waits at its server, nothing is saved.")
            if health.is_disk_full()
            else "",
        )


def init_chrome(app: Flask) -> None:
    """Draw the pages of *app* with these surroundings."""
    app.extensions["desk_chrome"] = DeskChrome()


def capped(count: int) -> int | str:
    """Return a count as people see it: a large one is not worth reading."""
    return f"{nav_counts.CAP}+" if count > nav_counts.CAP else count


def _view_item(view: str, counts: dict[str, int]) -> NavItem:
    return NavItem(
        key=view,
        label=str(VIEW_NAMES[view]),
        url=f"/v/{view}",
        icon=VIEW_ICONS[view],
        count=None if view in UNCOUNTED else capped(counts[view]),
        is_current=_is_here(f"/v/{view}") or request.args.get("v") == view,
        shortcut=VIEW_KEYS.get(view, ""),
    )


def _mail_items(counts: dict[str, int]) -> tuple[NavItem, ...]:
    items = [_plain_item("outbox", _("Outbox"), "/outbox", "send")]
    if access.can(current_user().actor, "attention.handle"):
        items.append(
            NavItem(
                key="attention",
                label=_("Needs attention"),
                url="/attention",
                icon="triangle-alert",
                count=capped(counts["attention"]),
                is_current=_is_here("/attention"),
            )
        )
    return tuple(items)


def _managed_items() -> tuple[NavItem, ...]:
    actor = current_user().actor
    items = [
        _plain_item(key, str(label), url, icon)
        for key, label, url, icon, permission in MANAGED
        if access.can(actor, permission) and _is_route(url)
    ]
    if actor.is_admin and is_unprotected():
        where = "/admin/settings#address"
        items.append(_plain_item("unprotected", _("Not encrypted"), where, "triangle-alert"))
    return tuple(items)


def _own_items() -> tuple[NavItem, ...]:
    items = (("profile", _("Your account"), "/me", "user"),)
    return tuple(_plain_item(*item) for item in items if _is_route(item[2]))


def _plain_item(key: str, label: str, url: str, icon: str) -> NavItem:
    return NavItem(key=key, label=label, url=url, icon=icon, is_current=_is_here(url))


def _is_here(url: str) -> bool:
    return request.path == url or request.path.startswith(f"{url}/")


def _is_route(url: str) -> bool:
    """Whether a page answers at *url*: an area may be left out of a desk."""
    try:
        current_app.create_url_adapter(request).match(url, method="GET")  # type: ignore[union-attr]  # there is a request
    except RequestRedirect:
        return True
    except HTTPException:
        return False
    return True
