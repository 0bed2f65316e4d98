"""The audit log: who did what to the desk and when, narrowed by its reader, as a page and a table."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext

from deskcore.clock import now
from deskcore.i18n import lazy_gettext as _
from deskcore.i18n import reader_zone
from deskcore.services import audit
from deskcore.services.audit import AuditWish
from deskcore.theme.pages import page
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.numbers import whole

blueprint = Blueprint("audit", __name__, url_prefix="/admin/audit")

AREAS = {
    "sign_in": _("Signing in"),
    "access": _("Refusals"),
    "user": _("People"),
    "role": _("Rights of roles"),
    "team": _("Teams"),
    "second_factor": _("Second factors"),
    "session": _("Sessions"),
    "mailbox": _("Mailboxes"),
    "customer": _("Customers"),
    "plugin": _("Plugins"),
    "desk": _("The desk"),
    "rescue": _("The rescue page"),
    "safe_mode": _("Safe mode"),
    "theme": _("Themes"),
    "key": _("Encryption"),
    "audit": _("Exports of this log"),
}
_NAMES = ("who", "what", "about", "since", "until")
_LONGEST = 160  # as a subject is


@blueprint.get("")
@needs("audit.read")
def index() -> Response:
    """Show what was done to the desk, newest first, or what of it is asked for."""
    actor, asked = current_actor(), _asked()
    before_id = request.args.get("before", default=0, type=whole)
    people = audit.people_in_log(actor)
    context = {
        "log": audit.audit_page(actor, before_id=before_id, wish=_wish(asked)),
        "is_first_page": before_id <= 0,
        "asked": asked,
        "chips": _chips(asked, dict(people)),
        "people": people,
        "areas": AREAS,
    }
    return page("admin/audit.html", context)


@blueprint.post("/export")
@needs("audit.read")
def export() -> Response:
    """Hand out what is asked for as a table; that it was handed out stands in the log."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(audit.EXPORT_COLUMNS)
    table.writerows(audit.export(current_actor(), _wish(_asked())))
    # With the mark that table programs know UTF-8 by.
    response = Response(text.getvalue().encode("utf-8-sig"), mimetype="text/csv")
    name = f"audit-{now():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _asked() -> dict[str, str]:
    """Return what narrows the log, in the words of the form; what cannot be read narrows nothing."""
    asked = {name: request.values.get(name, "").strip()[:_LONGEST] for name in _NAMES}
    who = request.values.get("who", type=whole)
    checked = {
        "who": "" if who is None else str(who),
        "what": asked["what"] if asked["what"] in AREAS else "",
        "since": asked["since"] if _day(asked["since"]) else "",
        "until": asked["until"] if _day(asked["until"]) else "",
        "about": asked["about"].replace("\0", ""),
    }
    return {name: text for name, text in checked.items() if text}


def _wish(asked: dict[str, str]) -> AuditWish:
    since, until = _day(asked.get("since", "")), _day(asked.get("until", ""))
    return AuditWish(
        who=whole(asked["who"]) if "who" in asked else None,
        what=asked.get("what", ""),
        about=asked.get("about", ""),
        since=_midnight(since) if since else None,
        until=_midnight(until + timedelta(days=1)) if until else None,
    )


def _chips(asked: dict[str, str], people: dict[int, str]) -> list[tuple[str, str, str, bool]]:
    """Return what narrows the log as chips, each leading to the log without it."""
    return [
        (f"without-{name}", f"{_in_words(name, text, people)} ×", _without(asked, name), True)
        for name, text in asked.items()
    ]


def _in_words(name: str, text: str, people: dict[int, str]) -> str:
    if name == "who":
        return people.get(int(text), "") or gettext("The desk itself")
    if name == "what":
        return str(AREAS[text])
    if name == "about":
        return gettext("About “%(text)s”", text=text)
    return (
        gettext("Since %(day)s", day=text)
        if name == "since"
        else gettext("Until %(day)s", day=text)
    )


def _without(asked: dict[str, str], name: str) -> str:
    left = {key: text for key, text in asked.items() if key != name}
    return f"{url_for('audit.index')}?{urlencode(left)}" if left else url_for("audit.index")


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # Some zones would put the first and last days that there are out of the calendar.
    return day if date(2000, 1, 1) <= day <= date(2999, 1, 1) else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), reader_zone())
