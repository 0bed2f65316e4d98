"""What stands around every page: the desk's name, the reader's look, the entries of the nav."""

from __future__ import annotations

from collections import Counter

from flask import Flask, current_app, g, request

from deskcore.domain.people import OWNER
from deskcore.i18n import _, lazy_gettext
from deskcore.plugin.active import plugins
from deskcore.services import access, health, nav_counts, plugin_places
from deskcore.theme import shelf
from deskcore.theme.shell import Alarm, Look, NavItem, NavSection, Shell, initials
from deskcore.theme.wearing import wardrobe
from deskcore.web.bare import is_bare
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
MANAGED = (
    ("mailboxes", lazy_gettext("Mailboxes"), "/admin/mailboxes", "mailbox", "mailbox.manage"),
    ("people", lazy_gettext("People"), "/admin/people", "users", "people.manage"),
    ("plugins", lazy_gettext("Plugins"), "/admin/plugins", "plug", "plugins.manage"),
    ("themes", lazy_gettext("Themes"), "/admin/themes", "image", "desk.manage"),
    ("look", lazy_gettext("Look"), "/admin/customize", "eye", "desk.manage"),
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
            reader="" if user.seen_by else str(user.actor.id),
            seen_as=user.actor.name if user.seen_by else "",
        )

    def notice(self) -> str:
        """Say that the disk is full."""
        if not health.is_disk_full():
            return ""
        return _("The disk of this desk is full: mail waits at its server, nothing is saved.")

    def alarm(self) -> Alarm | None:
        """Say that no plugin works, or that this browser is shown nothing of them."""
        user = signed_in_user()
        is_owner = user is not None and user.actor.role == OWNER
        if plugins().is_safe_mode:
            text = _("The desk is in safe mode: no plugin works, no mail comes in or goes out.")
            url = "/rescue" if is_owner else ""
            return Alarm(text=text, url=url, link=_("End it on the rescue page"))
        if not is_bare():
            return _without_theme() if user is not None and user.actor.is_admin else None
        text = _("This browser shows the desk without plugins and without theme.")
        return Alarm(text=text, url="/?safe=0", link=_("Show everything again"))

    def count(self, view: str) -> int | str | None:
        """Return how much stands in a view that the reader has."""
        counts = _counts()
        return capped(counts[view]) if view in counts else None

    def shell(self) -> Shell:
        """Gather the nav of the signed-in reader, with its numbers."""
        user = current_user()
        may_answer = access.can(user.actor, "ticket.reply")
        views = tuple(map(self._view_item, VIEW_NAMES))
        sections = (
            NavSection(title=_("Inbox"), entries=views),
            NavSection(title=_("Mail"), entries=self._mail_items()),
            NavSection(title=_("Tools"), entries=_tools()),
            NavSection(title=_("Manage"), entries=_managed_items()),
        )
        return Shell(
            user_name=user.actor.name,
            user_initials=initials(user.actor.name),
            sections=sections,
            bar_items=views[:3],
            user_items=_own_items(),
            new_url="/new" if may_answer else "",
        )

    def _view_item(self, view: str) -> NavItem:
        return NavItem(
            key=view,
            label=str(VIEW_NAMES[view]),
            url=f"/v/{view}",
            icon=VIEW_ICONS[view],
            count=self.count(view),
            is_current=_is_here(f"/v/{view}") or request.args.get("v") == view,
            shortcut=VIEW_KEYS.get(view, ""),
        )

    def _mail_items(self) -> tuple[NavItem, ...]:
        items = [_plain_item("outbox", _("Outbox"), "/outbox", "send")]
        if access.can(current_user().actor, "attention.handle"):
            items.append(
                NavItem(
                    key="attention",
                    label=_("Needs attention"),
                    url="/attention",
                    icon="triangle-alert",
                    count=self.count("attention"),
                    is_current=_is_here("/attention"),
                )
            )
        return tuple(items)


def _without_theme() -> Alarm | None:
    """Say that the theme failed too often, until another one is worn."""
    theme = shelf.suspended(wardrobe())
    if theme is None:
        return None
    text = _(
        "The theme %(name)s failed too often: pages look as the desk makes them.", name=theme.name
    )
    url = f"/admin/themes/{theme.slug}"
    return Alarm(text=text, name=_("Theme"), url=url, link=_("See what failed"))


def init_chrome(app: Flask) -> None:
    """Draw the pages of *app* with these surroundings."""
    app.extensions["desk_chrome"] = DeskChrome()


def capped(count: int) -> int | str:
    """Return a count as people see it: a large one is not worth reading."""
    return f"{nav_counts.CAP}+" if count > nav_counts.CAP else count


def _counts() -> dict[str, int]:
    """Return the numbers of the reader's views, read once a request."""
    if "desk_counts" not in g:
        g.desk_counts = nav_counts.read(current_user().actor)
    found: dict[str, int] = g.desk_counts
    return found


def _tools() -> tuple[NavItem, ...]:
    """Gather the pages of plugins: people open them all day, and settings once a month."""
    items: list[NavItem] = []
    counts: Counter[str] = Counter()
    for owned in plugin_places.nav_items(current_user().actor):
        link, nth = owned.item, counts[owned.slug]
        counts[owned.slug] += 1
        key = f"p-{owned.slug}-{nth + 1}" if nth else f"p-{owned.slug}"
        items.append(_plain_item(key, _(link.label), link.url, link.icon))
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
    path = request.path
    return path.startswith(url) and (len(path) == len(url) or path[len(url)] == "/")


def _is_route(url: str) -> bool:
    """Whether a page answers at *url*: an area may be left out of a desk."""
    routes: set[str] = current_app.extensions.setdefault("desk_routes", set())
    if not routes:
        routes.update(rule.rule.rstrip("/") for rule in current_app.url_map.iter_rules())
    return url in routes
