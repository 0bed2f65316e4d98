"""Time zones to choose from, nearest name first: what the machine knows, without old aliases."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

from flask import request

_REGIONS = (
    "Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/",
    "Indian/", "Pacific/",
)  # fmt: skip

# The zone most people of a region live in; the form lets them choose another.
_ZONE_BY_REGION = {
    "CZ": "Europe/Prague",
    "SK": "Europe/Bratislava",
    "RU": "Europe/Moscow",
    "BY": "Europe/Minsk",
    "KZ": "Asia/Almaty",
    "DE": "Europe/Berlin",
    "AT": "Europe/Vienna",
    "PL": "Europe/Warsaw",
    "GB": "Europe/London",
    "US": "America/New_York",
}
_REGION_BY_LANGUAGE = {"cs": "CZ", "sk": "SK", "ru": "RU", "de": "DE", "pl": "PL"}


@cache
def _zones() -> tuple[str, ...]:
    named = (zone for zone in available_timezones() if zone.startswith(_REGIONS))
    return ("UTC", *sorted(named))


def zone_choices() -> dict[str, str]:
    """Return each zone with the name people read."""
    return {zone: zone.replace("_", " ") for zone in _zones()}


def guessed_zone() -> str:
    """Guess the zone from the browser's language; a script sets the exact one where it runs."""
    for wish in request.accept_languages.values():
        language, _, region = wish.replace("_", "-").partition("-")
        region = region.upper() or _REGION_BY_LANGUAGE.get(language.lower(), "")
        if region in _ZONE_BY_REGION:
            return _ZONE_BY_REGION[region]
    return "UTC"
