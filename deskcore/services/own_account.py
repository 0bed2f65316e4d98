"""What people change about themselves: name, language, looks, password."""

from __future__ import annotations

from dataclasses import dataclass

from deskcore.domain.people import Actor
from deskcore.errors import Invalid, Problem
from deskcore.i18n import LANGUAGES, _, is_zone
from deskcore.models import User
from deskcore.services import notices
from deskcore.services.passwords import hash_password, password_problems
from deskcore.services.sessions import confirm_password, end_sessions
from deskcore.services.unit import reading, unit_of_work
from deskcore.services.users import check_name

THEMES = ("auto", "light", "dark")
DENSITIES = ("comfortable", "cosy", "compact")


@dataclass(frozen=True, kw_only=True)
class Preferences:
    """How one person wants the desk; an empty language or zone means the desk's own."""

    name: str
    language: str = ""
    time_zone: str = ""
    theme: str = "auto"
    density: str = "comfortable"
    has_shortcuts: bool = True


def preferences(actor: Actor) -> Preferences:
    """Return what *actor* has chosen."""
    with reading() as session:
        user = session.get_one(User, actor.id)
        return Preferences(
            name=user.name,
            language=user.locale,
            time_zone=user.time_zone,
            theme=user.theme,
            density=user.density,
            has_shortcuts=user.has_shortcuts,
        )


def change_preferences(actor: Actor, wanted: Preferences) -> None:
    """Store what *actor* has chosen; raises Invalid with the fields that cannot be used."""
    problems = check_name(wanted.name)
    if wanted.language and wanted.language not in LANGUAGES:
        problems.append(Problem(field="language", message=_("Choose a language of the list.")))
    if wanted.time_zone and not is_zone(wanted.time_zone):
        problems.append(Problem(field="time_zone", message=_("Choose a time zone of the list.")))
    if wanted.theme not in THEMES:
        problems.append(Problem(field="theme", message=_("Choose one of the looks listed.")))
    if wanted.density not in DENSITIES:
        problems.append(Problem(field="density", message=_("Choose one of the sizes listed.")))
    if problems:
        raise Invalid(problems)
    with unit_of_work(actor) as unit:
        user = unit.session.get_one(User, actor.id)
        user.name = wanted.name.strip()
        user.locale, user.time_zone = wanted.language, wanted.time_zone
        user.theme, user.density = wanted.theme, wanted.density
        user.has_shortcuts = wanted.has_shortcuts


def change_own_password(
    actor: Actor, *, old: str, new: str, session_id: int, address: str = ""
) -> None:
    """Replace the password after the old one was shown; other browsers are signed out."""
    problems = password_problems(new, field="new")
    if problems:
        raise Invalid(problems)
    confirm_password(actor, old, address=address, field="old")
    stored = hash_password(new)
    with unit_of_work(actor) as unit:
        user = unit.session.get_one(User, actor.id)
        user.password_hash = stored
        end_sessions(unit, user.id, except_id=session_id)
        unit.audit("user.password", user.email, address=address)
        notices.tell_of_new_password(unit, user, address=address, by_link=False)
