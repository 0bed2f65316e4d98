"""What the owner says about the side of the desk that customers see."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Literal, cast, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from deskcore.domain import opening_hours
from deskcore.domain.people import Actor
from deskcore.errors import Invalid, Problem
from deskcore.i18n import _
from deskcore.models import Mailbox
from deskcore.services import setting_rows
from deskcore.services.access import require
from deskcore.services.unit import reading, unit_of_work

Names = Literal["shop", "first", "full"]


@dataclass(frozen=True, kw_only=True)
class PublicSettings:
    """The public side's own settings.

    ``hours`` are seven texts as ``opening_hours.parse_day`` reads them, Monday first. ``names`` is
    how an answer is signed there: by the shop, the agent's first name, or the whole of it.
    ``has_link_in_mails`` puts the link to the request into mails to its customer.
    """

    is_on: bool = True
    hours: tuple[str, ...] = ("",) * opening_hours.DAYS
    names: Names = "shop"
    mailbox_ids: tuple[int, ...] = ()
    has_link_in_mails: bool = False


_STORED = setting_rows.stored_under("public", [field.name for field in fields(PublicSettings)])


def public_settings() -> PublicSettings:
    """Return the settings as they are now; what was never set has its default."""
    with reading() as session:
        return read(session)


def change_public_settings(actor: Actor, wanted: PublicSettings) -> None:
    """Store the settings with one audit line; raises Invalid with what cannot be used."""
    require(actor, "desk.manage")
    with unit_of_work(actor) as unit:
        _check(unit.session, wanted)
        old, new = asdict(read(unit.session)), asdict(wanted)
        setting_rows.change(unit, "public", old, new, action="desk.public")


def read(session: Session) -> PublicSettings:
    """Return the settings inside a session of the caller's."""
    stored = setting_rows.read(session, _STORED)
    for name in ("hours", "mailbox_ids"):
        if name in stored:
            stored[name] = tuple(stored[name])
    return replace(PublicSettings(), **stored)


def names_of(wanted: str) -> Names:
    """Return a choice of the form; raises Invalid for one that is not offered."""
    if wanted not in get_args(Names):
        raise Invalid([Problem(field="names", message=_("Choose one of the ways listed."))])
    return cast("Names", wanted)


def _check(session: Session, wanted: PublicSettings) -> None:
    problems = []
    for day, typed in enumerate(wanted.hours):
        try:
            opening_hours.parse_day(typed)
        except ValueError:
            text = _("Write hours like 9:00-12:00, 13:00-18:00, or nothing for a closed day.")
            problems.append(Problem(field=f"day_{day}", message=text))
    known = set(session.scalars(select(Mailbox.id).where(Mailbox.archived_at.is_(None))))
    if not set(wanted.mailbox_ids) <= known:
        text = _("Choose mailboxes of the list.")
        problems.append(Problem(field="mailbox_ids", message=text))
    if problems:
        raise Invalid(problems)
