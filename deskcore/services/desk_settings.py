"""What the owner says about the desk as a whole: its name, time zone and language."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.domain.people import Actor
from deskcore.errors import Invalid, Problem
from deskcore.i18n import DEFAULT_LANGUAGE, DEFAULT_ZONE, LANGUAGES, _, is_zone
from deskcore.services import setting_rows
from deskcore.services.access import require
from deskcore.services.unit import Unit, reading, unit_of_work

LONGEST_NAME = 80


@dataclass(frozen=True, kw_only=True)
class DeskSettings:
    """The desk's own settings; ``language`` and ``time_zone`` are what new people start with.

    ``own_mail_from`` is the channel account of the desk's own mail, 0 for the first that can.
    ``look`` names the published look; ``services.appearance`` alone changes it.
    """

    name: str = ""
    time_zone: str = DEFAULT_ZONE
    language: str = DEFAULT_LANGUAGE
    own_mail_from: int = 0
    look: str = ""


_STORED = setting_rows.stored_under("desk", [field.name for field in fields(DeskSettings)])


def desk_settings() -> DeskSettings:
    """Return the settings as they are now; what was never set has its default."""
    with reading() as session:
        return _read(session)


def today() -> date:
    """Return the day that it is where the shop is."""
    return clock.now().astimezone(ZoneInfo(desk_settings().time_zone)).date()


def change_desk_settings(actor: Actor, settings: DeskSettings) -> None:
    """Store the settings; raises Invalid with the fields that cannot be used."""
    require(actor, "desk.manage")
    settings = replace(settings, name=settings.name.strip())
    check_desk_settings(settings)
    with unit_of_work(actor) as unit:
        store_desk_settings(unit, settings)


def check_desk_settings(settings: DeskSettings) -> None:
    """Raise Invalid unless name, zone and language can be used."""
    problems = []
    if not settings.name:
        problems.append(Problem(field="name", message=_("Give your shop a name.")))
    elif len(settings.name) > LONGEST_NAME:
        problems.append(Problem(field="name", message=_("Use at most 80 characters.")))
    if not is_zone(settings.time_zone):
        problems.append(Problem(field="time_zone", message=_("Choose a time zone of the list.")))
    if settings.language not in LANGUAGES:
        problems.append(Problem(field="language", message=_("Choose a language of the list.")))
    if problems:
        raise Invalid(problems)


def store_desk_settings(unit: Unit, settings: DeskSettings) -> None:
    """Write changed values and one audit line, in the caller's transaction."""
    old = _read(unit.session)
    new = replace(settings, look=old.look)
    setting_rows.change(unit, "desk", asdict(old), asdict(new), action="desk.settings")


def _read(session: Session) -> DeskSettings:
    return replace(DeskSettings(), **setting_rows.read(session, _STORED))
