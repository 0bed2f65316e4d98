"""Words of the workspace: names of views, statuses and states, and what events say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

import flask_babel
from babel import Locale
from babel.dates import format_timedelta
from flask import Flask, current_app
from markupsafe import Markup

from deskcore import clock, i18n
from deskcore.domain.kinds import QUESTION
from deskcore.domain.views import Choice, EventLine, TicketList, TicketPage, TicketRow
from deskcore.i18n import _, lazy_gettext
from deskcore.services import plugin_places, ticket_kinds
from deskcore.services.lists import NEWEST_FIRST
from deskcore.services.ticket_fields import FieldLine
from deskcore.theme.kept import Kept, piece
from deskcore.web.identity import current_actor
from deskcore.web.plugin_parts import columns

VIEW_NAMES = {
    "unassigned": lazy_gettext("Unassigned"),
    "mine": lazy_gettext("Mine"),
    "open": lazy_gettext("All open"),
    "waiting": lazy_gettext("Waiting"),
    "solved": lazy_gettext("Solved"),
    "spam": lazy_gettext("Spam"),
}
STATUS_NAMES = {
    "open": lazy_gettext("Open"),
    "waiting_customer": lazy_gettext("Waiting for customer"),
    "waiting_others": lazy_gettext("Waiting for others"),
    "solved": lazy_gettext("Solved"),
}
DELIVERY_NAMES = {
    "held": lazy_gettext("Held back"),
    "queued": lazy_gettext("Waiting to be sent"),
    "sending": lazy_gettext("Being sent"),
    "sent": lazy_gettext("Sent"),
    "delivered": lazy_gettext("Delivered"),
    "read": lazy_gettext("Read"),
    "bounced": lazy_gettext("Came back"),
    "failed": lazy_gettext("Not sent"),
    "unsure": lazy_gettext("Perhaps sent"),
    "set_aside": lazy_gettext("Not sent, set aside"),
    "cancelled": lazy_gettext("Taken back"),
}
IMAGE_PROBLEMS = {
    "silent": lazy_gettext("no answer"),
    "closed": lazy_gettext("address not allowed"),
    "missing": lazy_gettext("not there any more"),
    "kind": lazy_gettext("not a picture"),
    "size": lazy_gettext("too large"),
    "many": lazy_gettext("too many"),
}
INBOUND_NAMES = {"failed": lazy_gettext("Could not be read"), "held": lazy_gettext("Held back")}
CHANNEL_NAMES = {"email": lazy_gettext("Email")}
EVENT_ICONS = {
    "ticket.assigned": "user",
    "ticket.status_changed": "circle-dot",
    "ticket.reopened": "rotate-ccw",
    "ticket.tagged": "tag",
    "ticket.flagged": "flag",
    "ticket.moved": "mailbox",
    "ticket.renamed": "pencil",
    "ticket.field_changed": "pencil",
    "reply.undone": "undo-2",
    "answer.withheld": "hand",
}
FLAGS = {
    ("spam", True): lazy_gettext("%(who)s marked this as spam"),
    ("spam", False): lazy_gettext("%(who)s said this is no spam"),
    ("suspicious", True): lazy_gettext("%(who)s warned of spam"),
    ("deleted", True): lazy_gettext("%(who)s deleted this"),
    ("deleted", False): lazy_gettext("%(who)s restored this"),
}
KILOBYTE = 1024
WEEK_S = 7 * 24 * 3600


def init_ticket_words(app: Flask) -> None:
    """Give templates the words and filters of the workspace."""
    app.jinja_env.globals.update(
        view_names=VIEW_NAMES,
        status_names=STATUS_NAMES,
        delivery_names=DELIVERY_NAMES,
        inbound_names=INBOUND_NAMES,
        image_problems=IMAGE_PROBLEMS,
        channel_names=_channel_names(app),
        status_label=status_label,
        kind_links=kind_links,
        drawn_rows=drawn_rows,
    )
    app.jinja_env.filters.update(file_size=file_size, since=since)


def _channel_names(app: Flask) -> Mapping[str, object]:
    """Return what channels are called; the labels of plugins are theirs to translate."""
    brought = app.extensions["desk_plugins"].registry.channels.all()
    return {owned.item.slug: owned.item.label for owned in brought} | CHANNEL_NAMES


def status_label(key: str, own: str = "") -> str:
    """Return what a status is called in the reader's language; *own* is the label of a plugin's."""
    if key in STATUS_NAMES:
        return str(STATUS_NAMES[key])
    return _(own or ticket_kinds.status_name(key))


class KindLink(NamedTuple):
    """A kind that a list can be narrowed to."""

    id: str
    label: str
    href: str
    is_current: bool


def kind_links(listed: TicketList) -> tuple[KindLink, ...]:
    """Return the kinds that a list can be narrowed to, all of them first; none without any."""
    brought = [(kind.name, _(kind.label)) for kind in ticket_kinds.known()]
    if not brought:
        return ()
    offered = [("", _("All kinds")), (QUESTION, _("Question")), *brought]
    is_sorted = listed.newest_first and listed.view not in NEWEST_FIRST
    sort = {"sort": "newest"} if is_sorted else {}
    return tuple(
        KindLink(
            id=f"kind-{name.replace('.', '-') or 'all'}",
            label=label,
            href=f"/v/{listed.view}?{urlencode(({'kind': name} if name else {}) | sort)}".rstrip(
                "?"
            ),
            is_current=name == listed.kind,
        )
        for name, label in offered
    )


def next_statuses(ticket: TicketPage) -> tuple[tuple[str, str], ...]:
    """Return (key, name) of the status a ticket has and of those that can be chosen."""
    if ticket.flow is None:
        return status_choices(ticket.statuses)
    now = (ticket.status, status_label(ticket.status, ticket.own_status))
    return (now, *status_choices(ticket.flow.following))


def statuses_after(ticket: TicketPage) -> tuple[tuple[str, str], ...]:
    """Return (key, name) of the statuses that an answer may bring."""
    return status_choices(ticket.flow.after_answer if ticket.flow else ticket.statuses)


def status_choices(statuses: tuple[Choice, ...]) -> tuple[tuple[str, str], ...]:
    """Return (key, name) of statuses for a select."""
    return tuple((status.key, status_label(status.key, status.label)) for status in statuses)


def file_size(size: int) -> str:
    """Write a size as people do: ``1.4 MB``."""
    units = ("B", "kB", "MB", "GB")
    value, at = float(size), 0
    while value >= KILOBYTE and at < len(units) - 1:
        value, at = value / KILOBYTE, at + 1
    pattern = "#,##0.#" if at > 1 else "#,##0"
    return f"{flask_babel.format_decimal(value, format=pattern)} {units[at]}"


def since(moment: datetime) -> str:
    """Write how long something waits, shortly: ``4 min``; after a week the day it began."""
    return _since([moment])[0]


def field_text(line: FieldLine) -> str:
    """Write the value of a further field in the reader's language; "" for none."""
    if line.field.kind == "option" and line.typed:
        return _(line.field.options.get(line.typed) or line.typed)
    if isinstance(line.value, float):
        return i18n.number(line.value)
    if isinstance(line.value, date):
        return i18n.day_text(line.value, "medium")
    return line.typed


def drawn_rows(
    rows: Sequence[TicketRow], query: str = "", *, current: int = 0, view: str = ""
) -> Markup:
    """Draw the rows of a list; *view* names it when a pane beside it waits for their tickets."""
    kept: Kept = current_app.extensions["desk_kept"]
    said = columns(plugin_places.list_columns(current_actor(), rows))
    whens = _since([row.at for row in rows])
    return kept.draw(
        piece(
            "inbox/_row.html",
            row=row,
            query=query,
            is_current=row.number == current,
            view=view,
            when=when,
            said=said.get(row.id, ()),
        )
        for row, when in zip(rows, whens, strict=True)
    )


class EventWords(NamedTuple):
    """Something that happened, in words and times of the reader's."""

    id: int
    text: str
    icon: str
    when: str
    when_iso: str
    when_title: str


def event_lines(events: Sequence[EventLine]) -> tuple[EventWords, ...]:
    """Put events into words."""
    return tuple(
        EventWords(
            id=event.id,
            text=event_text(event),
            icon=EVENT_ICONS.get(event.name, "circle-dot"),
            when=i18n.short_time(event.at),
            when_iso=event.at.isoformat(),
            when_title=i18n.long_time(event.at),
        )
        for event in events
    )


def event_text(event: EventLine) -> str:
    """Say in one sentence what happened to a ticket, and who did it."""
    say = SENTENCES.get(event.name)
    return say(event) if say else event.name


def _since(moments: Sequence[datetime]) -> list[str]:
    now, language, there = clock.now(), i18n.page_language(), i18n.reader_zone()
    found = []
    for moment in moments:
        seconds = max(int((now - moment).total_seconds()), 0)
        if seconds >= WEEK_S:
            found.append(i18n.day_text_in(moment.astimezone(there).date(), "d MMM", language))
            continue
        # The same few durations stand in every row: made once.
        rounded = next(
            (seconds // unit * unit for unit in (86400, 3600, 60) if seconds >= unit), 60
        )
        found.append(_duration(rounded, language))
    return found


@lru_cache(maxsize=2_000)
def _duration(seconds: int, locale: str) -> str:
    return str(format_timedelta(seconds, format="short", threshold=1, locale=Locale.parse(locale)))


def _who(event: EventLine) -> str:
    return event.actor_name if event.actor_kind == "user" else _("The desk")


def _assigned(event: EventLine) -> str:
    name = str(event.data.get("after_name", ""))
    if not name:
        return _("%(who)s gave this to nobody", who=_who(event))
    if name == event.actor_name:
        return _("%(who)s took this", who=_who(event))
    return _("%(who)s gave this to %(name)s", who=_who(event), name=name)


def _status(event: EventLine) -> str:
    status = status_label(str(event.data.get("after", "")))
    if event.data.get("by_reply"):
        return _("Status after the answer: %(status)s", status=status)
    return _("%(who)s set the status: %(status)s", who=_who(event), status=status)


def _tagged(event: EventLine) -> str:
    added, removed = _list(event.data.get("added")), _list(event.data.get("removed"))
    if added and removed:
        words = {"who": _who(event), "added": added, "removed": removed}
        return _("%(who)s added %(added)s and removed %(removed)s", **words)
    if added:
        return _("%(who)s added the tag %(tags)s", who=_who(event), tags=added)
    return _("%(who)s removed the tag %(tags)s", who=_who(event), tags=removed)


def _list(values: object) -> str:
    return ", ".join(str(value) for value in values) if isinstance(values, list | tuple) else ""


def judged(ticket: TicketPage) -> tuple[str, tuple[str, ...]]:
    """Return how the ticket was last flagged as spam, ``""`` if never, and the reasons in words.

    A person's word needs no reasons; ``suspicious`` is the desk's doubt.
    """
    for event in reversed(ticket.events):
        if event.name == "ticket.flagged" and event.data.get("flag") in {"spam", "suspicious"}:
            return str(event.data["flag"]) if event.data["is_set"] else "", _reasons(event)
    return "", ()


def _reasons(event: EventLine) -> tuple[str, ...]:
    told = cast("list[dict[str, Any]]", event.data.get("reasons") or [])
    return tuple(_(text) % values for text, values in map(itemgetter("text", "values"), told))


def _flagged(event: EventLine) -> str:
    said = FLAGS.get((str(event.data.get("flag")), bool(event.data.get("is_set"))))
    return str(said) % {"who": _who(event)} if said else event.name


def _field_changed(event: EventLine) -> str:
    before, after = (str(event.data.get(key) or "") for key in ("before", "after"))
    field = _(str(event.data.get("label") or event.data.get("field")))
    words = {"who": _who(event), "field": field, "before": before, "after": after}
    if not before:
        return _("%(who)s set %(field)s to “%(after)s”", **words)
    if not after:
        return _("%(who)s cleared %(field)s: it was “%(before)s”", **words)
    return _("%(who)s changed %(field)s from “%(before)s” to “%(after)s”", **words)


SENTENCES: dict[str, Callable[[EventLine], str]] = {
    "ticket.opened": lambda _event: _("Ticket opened"),
    "ticket.assigned": _assigned,
    "ticket.status_changed": _status,
    "ticket.reopened": lambda _event: _("Opened again: the customer wrote"),
    "ticket.tagged": _tagged,
    "ticket.flagged": _flagged,
    "ticket.moved": lambda event: _(
        "%(who)s moved this to %(mailbox)s",
        who=_who(event),
        mailbox=str(event.data.get("after_name", "")),
    ),
    "ticket.renamed": lambda event: _(
        "%(who)s changed the subject from “%(before)s”",
        who=_who(event),
        before=str(event.data.get("before", "")),
    ),
    "ticket.field_changed": _field_changed,
    "reply.undone": lambda event: _("%(who)s took an answer back", who=_who(event)),
    "answer.withheld": lambda event: _(
        "No automatic answer: %(address)s has had its share for now",
        address=str(event.data.get("address", "")),
    ),
}
