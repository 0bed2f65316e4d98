"""The first things to do on a new desk, and which of them are done; a card until it is hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session

from deskcore.domain.kinds import Direction
from deskcore.domain.people import Actor
from deskcore.i18n import N_
from deskcore.models import DeskSetting, LookRevision, Mailbox, Message, Ticket, User
from deskcore.services import public_settings
from deskcore.services.access import can, require
from deskcore.services.unit import reading, unit_of_work

_HIDDEN = "first_steps.hidden"


@dataclass(frozen=True, kw_only=True)
class FirstStep:
    """One thing to do: what, where, and whether it is done. ``label`` is to be translated."""

    key: str
    label: str
    path: str
    is_done: bool


def first_steps(actor: Actor) -> Sequence[FirstStep]:
    """Return the steps for those who run the desk; empty once done, hidden, or for others."""
    if not can(actor, "desk.manage"):
        return ()
    with reading() as session:
        if session.get(DeskSetting, _HIDDEN) is not None:
            return ()
        steps = _steps(session)
    return () if all(step.is_done for step in steps) else steps


def hide_first_steps(actor: Actor) -> None:
    """Put the card away for good."""
    require(actor, "desk.manage")
    with unit_of_work(actor) as unit:
        unit.session.merge(DeskSetting(key=_HIDDEN, value="true"))


def _steps(session: Session) -> tuple[FirstStep, ...]:
    connected = exists().where(Mailbox.is_sample.is_(False), Mailbox.archived_at.is_(None))
    answered = exists().where(
        Message.ticket_id == Ticket.id,
        Ticket.is_sample.is_(False),
        Message.direction == Direction.OUT,
        Message.author_user_id.is_not(None),
    )
    public = public_settings.read(session)
    invited = select(func.count(User.id) > 1).scalar_subquery()
    return (
        FirstStep(
            key="mailbox",
            label=N_("Connect a mailbox"),
            path="/setup/mailbox",
            is_done=_holds(session, connected),
        ),
        FirstStep(
            key="answer",
            label=N_("Answer a customer"),
            path="/",
            is_done=_holds(session, answered),
        ),
        FirstStep(
            key="invite",
            label=N_("Invite a colleague"),
            path="/admin/people/invite",
            is_done=bool(session.scalar(select(invited))),
        ),
        FirstStep(
            key="look",
            label=N_("Give the desk the colours of your shop"),
            path="/admin/customize",
            is_done=_holds(session, exists().where(LookRevision.id.is_not(None))),
        ),
        FirstStep(
            key="public",
            label=N_("Say on your help page how customers reach you, and link to it"),
            path="/admin/public",
            is_done=bool(public.mailbox_ids) or any(public.hours),
        ),
    )


def _holds(session: Session, condition: ColumnElement[bool]) -> bool:
    return bool(session.scalar(select(condition)))
