"""What the owner says about the desk as a whole: its name, time zone and language."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from deskcore.domain.people import Actor
from deskcore.errors import Invalid, Problem
from deskcore.i18n import DEFAULT_LANGUAGE, DEFAULT_ZONE, LANGUAGES, _, is_zone
from deskcore.models import DeskSetting
from deskcore.services.access import require
from deskcore.services.prepared import light
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


_STORED = select(DeskSetting.key, DeskSetting.value).where(
    DeskSetting.key.in_([f"desk.{field.name}" for field in fields(DeskSettings)])
)


def desk_settings() -> DeskSettings:
    """Return the settings as they are now; what was never set has its default."""
    with reading() as session:
        return _read(session)


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
    old, new = asdict(_read(unit.session)), asdict(settings)
    changed = [key for key in new if old[key] != new[key] and key != "look"]
    for key in changed:
        unit.session.merge(DeskSetting(key=f"desk.{key}", value=json.dumps(new[key])))
    if changed:
        before, after = ({key: values[key] for key in changed} for values in (old, new))
        unit.audit("desk.settings", before=before, after=after)


def _read(session: Session) -> DeskSettings:
    rows = light(session, _STORED)
    stored = {row.key.removeprefix("desk."): json.loads(row.value) for row in rows}
    return replace(DeskSettings(), **stored)
