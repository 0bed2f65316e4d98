"""The first page customers see, and what search engines are told."""

from __future__ import annotations

from datetime import time, timedelta

from babel import dates
from flask import Blueprint, Response
from flask_babel import get_locale

from deskcore import clock, i18n
from deskcore.domain import opening_hours
from deskcore.domain.opening_hours import SameDays, Span
from deskcore.domain.public_views import HelpHome, HoursLine, SearchField
from deskcore.i18n import _, ngettext
from deskcore.services import help_page, plugin_places
from deskcore.theme.pages import page
from deskcore.web.guards import public
from deskcore.web.plugin_parts import help_parts
from deskcore.web.public_surface import is_open, refuse_closed, site, this_public

blueprint = Blueprint("help", __name__)

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@blueprint.get("/help")
@public
def home() -> Response:
    """Show how to get help: search, opening hours, how long an answer takes, whom to write to."""
    refuse_closed()
    return page("public/home.html", {"site": site(), "home": _home()})


@blueprint.get("/robots.txt")
@public
def robots() -> Response:
    """Let search engines have the first page, while it is there, and nothing else."""
    open_to_all = "Allow: /help$\nAllow: /static/\n" if is_open() else ""
    return Response(f"User-agent: *\n{open_to_all}Disallow: /\n", mimetype="text/plain")


def _home() -> HelpHome:
    settings = this_public()
    lines = opening_hours.together(settings.hours)
    here = i18n.local_time(clock.now())
    found = plugin_places.help_parts(i18n.page_language())
    return HelpHome(
        hours=tuple(HoursLine(days=_days(line), hours=_hours(line.spans)) for line in lines),
        is_open=opening_hours.is_open(settings.hours, here) if lines else None,
        answer_time=_answer_time(help_page.usual_wait()),
        addresses=help_page.addresses(settings.mailbox_ids),
        search=next(
            (
                SearchField(url=each.item.url, label=_(each.item.title))
                for each in found
                if each.item.place == "search"
            ),
            None,
        ),
        top=help_parts(found, "top"),
        cards=help_parts(found, "card"),
        foot=help_parts(found, "foot"),
    )


def _answer_time(wait: timedelta | None) -> str:
    """Say the usual wait in the next larger whole hours, or days beyond one."""
    if wait is None:
        return ""
    if wait > _DAY:
        days = -(-wait // _DAY)
        return ngettext(
            "We usually answer within %(num)s day.", "We usually answer within %(num)s days.", days
        )
    hours = max(-(-wait // _HOUR), 1)
    return ngettext(
        "We usually answer within %(num)s hour.", "We usually answer within %(num)s hours.", hours
    )


def _days(line: SameDays) -> str:
    names = dates.get_day_names("abbreviated", "stand-alone", get_locale())
    first, last = (names[day].capitalize() for day in (line.first, line.last))
    return first if line.first == line.last else f"{first}\u2013{last}"


def _hours(spans: tuple[Span, ...]) -> str:
    return ", ".join(f"{_clock(span.start)}\u2013{_clock(span.end)}" for span in spans) or _(
        "closed"
    )


def _clock(at: time) -> str:
    """Write a time of day in 24 hours, in which every language of ours reads it alike."""
    return "24:00" if at == time.max else f"{at.hour}:{at.minute:02}"
