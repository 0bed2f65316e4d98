"""What somebody may do next with a ticket that has a flow of its own; questions ask nothing."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from deskcore.domain.flows import Flow, Refusal
from deskcore.domain.kinds import QUESTION
from deskcore.domain.people import Actor
from deskcore.domain.views import Choice
from deskcore.models import TicketKind as KindRow
from deskcore.plugin.ticket_kinds import Step, TicketKind
from deskcore.services import access, ticket_kinds
from deskcore.services.prepared import Found


def read(session: Session, actor: Actor, head: Found, built_in: tuple[Choice, ...]) -> Flow | None:
    """Return the flow of the ticket that *head* is the row of; None for a question."""
    if head.kind == QUESTION:
        return None
    kind = ticket_kinds.of(head.kind)
    if kind is None:
        return _without_plugin(session, head, built_in)
    steps = _steps(session, actor, head, kind)
    answers = ticket_kinds.answered(session, head.id) if kind.most_answers else 0
    return Flow(
        label=kind.label,
        is_public=kind.is_public,
        longest_answer=kind.longest_answer,
        most_answers=kind.most_answers,
        answers=answers,
        replaces_last=kind.replaces_last,
        following=_choices(kind, (step.reaches for step, why in steps if not why)),
        refused=tuple(Refusal(_label(kind, step), why) for step, why in steps if why),
        after_answer=_after_answer(session, actor, kind),
        objection=_objection(session, actor, kind, head.status, answers),
    )


def _without_plugin(session: Session, head: Found, built_in: tuple[Choice, ...]) -> Flow:
    known = session.get(KindRow, head.kind)
    by_key = {choice.key: choice for choice in built_in}
    offered = [by_key[key] for key in ticket_kinds.WITHOUT_PLUGIN if key != head.status]
    return Flow(
        label=known.label if known else head.kind,
        is_away=True,
        following=tuple(offered),
        after_answer=built_in,
        objection=ticket_kinds.away_words() if known and known.is_guarded else "",
    )


def _steps(session: Session, actor: Actor, head: Found, kind: TicketKind) -> list[tuple[Step, str]]:
    """Return the steps from the status a ticket has, each with why it may not be taken.

    Those that are left to its plugin's pages stand there.
    """
    ways = [step for step in kind.steps_from(head.status) if not step.by_plugin]
    say = ticket_kinds.step_words
    return [(step, say(session, actor, head.id, head.status, step)) for step in ways]


def _after_answer(session: Session, actor: Actor, kind: TicketKind) -> tuple[Choice, ...]:
    """Return what an answer may bring: its own status, or one step further."""
    usual = kind.key(kind.after_reply)
    further = (
        step.reaches
        for step in kind.steps_from(usual)
        if not (step.by_another or step.by_plugin)
        and (not step.permission or access.can(actor, step.permission, session))
    )
    return _choices(kind, (kind.after_reply, *further))


def _objection(session: Session, actor: Actor, kind: TicketKind, status: str, answers: int) -> str:
    if kind.reply_permission and not access.can(actor, kind.reply_permission, session):
        return ticket_kinds.right_words(kind.reply_permission)
    words = ticket_kinds.gate_words(kind, status)
    return words or ("" if kind.replaces_last else ticket_kinds.room_words(kind, answers))


def _choices(kind: TicketKind, names: Iterable[str]) -> tuple[Choice, ...]:
    by_name = {status.name: status for status in kind.statuses}
    return tuple(
        Choice(id=0, key=kind.key(name), label=by_name[name].label, category=by_name[name].category)
        for name in names
    )


def _label(kind: TicketKind, step: Step) -> str:
    return next(status.label for status in kind.statuses if status.name == step.reaches)
