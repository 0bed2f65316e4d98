"""The states of a delivery and the only transitions between them.

``queued → sending → sent``; back to ``queued`` while trying is worth it; ``failed`` when it never
will go; ``unsure`` when a sender died, or lost the answer, after the point of no return. An
attempt's id is its fence: a sender that slept through its lease cannot pass that point.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from deskcore.domain import events
from deskcore.domain.kinds import DeliveryState, JobState
from deskcore.domain.people import Actor
from deskcore.errors import Conflict, NotFound
from deskcore.i18n import N_, _
from deskcore.models import (
    ChannelAccount,
    Delivery,
    DeliveryAttempt,
    DeliveryPart,
    Job,
    Message,
    Notice,
    Ticket,
)
from deskcore.plugin.channel import PartResult
from deskcore.services import (
    access,
    changes,
    counters,
    notices,
    outgoing,
    ticket_kinds,
    tickets,
)
from deskcore.services.unit import Unit, unit_of_work

# Waits before the second, third … try; the last one repeats until GIVE_UP.
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 120, 240))
GIVE_UP = timedelta(days=5)
TELL_AGENT = timedelta(hours=4)
MAX_BUGS = 3
BLOCKED = "blocked"  # how a try ended that no later one will better until somebody mends something
_NOT_LEFT = {DeliveryState.FAILED, DeliveryState.HELD}
_REPEATABLE = {*_NOT_LEFT, DeliveryState.UNSURE, DeliveryState.SET_ASIDE}
_REPORTED = {
    "bounced": DeliveryState.BOUNCED,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
}
# A report may come late or twice, and brings nothing back; what people settled stays settled.
_RANK: dict[str, int] = {
    DeliveryState.DELIVERED: 1,
    DeliveryState.READ: 2,
    DeliveryState.BOUNCED: 3,
    DeliveryState.FAILED: 4,
    DeliveryState.SET_ASIDE: 4,
    DeliveryState.CANCELLED: 4,
}
_OPEN_PARTS = (DeliveryState.QUEUED, DeliveryState.SENDING)


def begin(unit: Unit, delivery_id: int) -> tuple[Delivery, DeliveryAttempt] | None:
    """Claim a delivery for one try; None when there is nothing to do.

    One that is found ``sending`` belonged to a sender that died: before the point of no return
    it is tried again, after it it becomes ``unsure``.
    """
    delivery = unit.session.get(Delivery, delivery_id, with_for_update=True)
    if delivery is None:
        return None
    if delivery.state == DeliveryState.SENDING:
        if delivery.committing_at is not None:
            unsure(unit, delivery, N_("The desk was stopped while this was being sent."))
            return None
        _close_attempts(unit, delivery, "died")
        delivery.state = DeliveryState.QUEUED
    if delivery.state != DeliveryState.QUEUED or delivery.run_at > unit.now:
        return None
    if delivery.ticket_id is None and unit.now > _give_up_at(unit, delivery):
        fail(unit, delivery, N_("The link in it had ended before it could leave."))
        return None
    delivery.state, delivery.tries = DeliveryState.SENDING, delivery.tries + 1
    attempt = DeliveryAttempt(delivery_id=delivery.id, started_at=unit.now)
    unit.session.add(attempt)
    unit.session.flush()
    return delivery, attempt


def commit_marker(delivery_id: int, attempt_id: int) -> None:
    """Write down that the next byte cannot be taken back.

    Raises Conflict when this attempt is not the current one any more: nothing may be sent then.
    """
    with unit_of_work() as unit:
        delivery = unit.session.get_one(Delivery, delivery_id, with_for_update=True)
        attempt = unit.session.get_one(DeliveryAttempt, attempt_id)
        if delivery.state != DeliveryState.SENDING or attempt.ended_at is not None:
            message = _("Another worker took this delivery over.")
            raise Conflict(message)
        delivery.committing_at = attempt.committing_at = unit.now


def finish(
    unit: Unit, delivery: Delivery, attempt_id: int, parts: Mapping[str, PartResult]
) -> None:
    """Take over what the far side said about each recipient."""
    later = []
    for row in open_parts(unit.session, delivery.id):
        result = parts.get(row.recipient) or PartResult(status="accepted")
        row.external_id, row.detail = result.external_id, result.detail[:2000]
        changes.remember_ours(unit, delivery, result.external_id)
        if result.status == "later":
            later.append(row.recipient)
        else:
            accepted = result.status == "accepted"
            row.state = DeliveryState.SENT if accepted else DeliveryState.FAILED
    if later:
        again(unit, delivery, attempt_id, f"Not taken yet for {', '.join(later)}.")
        return
    states = set(
        unit.session.scalars(
            select(DeliveryPart.state).where(DeliveryPart.delivery_id == delivery.id)
        )
    )
    if states == {DeliveryState.FAILED}:
        details = [part.detail for part in parts.values() if part.detail]
        fail(unit, delivery, details[0] if details else N_("Every recipient was refused."))
        return
    _end(unit, attempt_id, "sent")
    delivery.state, delivery.sent_at, delivery.committing_at = DeliveryState.SENT, unit.now, None
    refused = [name for name, part in parts.items() if part.status == "refused"]
    delivery.detail = f"Refused for {', '.join(refused)}." if refused else ""
    _note_sent(unit, delivery)
    if refused:
        _tell(unit, delivery)
    account = unit.session.get_one(ChannelAccount, delivery.account_id)
    for key in {part.external_id for part in parts.values() if part.external_id}:
        for status, detail in changes.waiting_reports(unit, account, key):
            reported(delivery, status, detail, _parts(unit.session, delivery.id))


def reported(
    delivery: Delivery, status: str, detail: str, parts: Iterable[DeliveryPart] = ()
) -> None:
    """Take over what became of a delivery later; never backwards."""
    state = _REPORTED.get(status)
    for part in parts:
        part.detail = detail[:2000]
        if state is not None and _RANK.get(part.state, 0) < _RANK[state]:
            part.state = state
    if state is not None and _RANK.get(delivery.state, 0) < _RANK[state]:
        delivery.state, delivery.detail = state, detail[:2000]


def again(
    unit: Unit,
    delivery: Delivery,
    attempt_id: int,
    detail: str,
    *,
    after: timedelta | None = None,
    outcome: str = "later",
) -> None:
    """Queue another try with growing delay; after five days, or with its link, it has failed."""
    if unit.now > _give_up_at(unit, delivery):
        fail(unit, delivery, detail)
        return
    _end(unit, attempt_id, outcome, detail)
    wait = DELAYS[min(delivery.tries, len(DELAYS)) - 1]
    delivery.state, delivery.committing_at = DeliveryState.QUEUED, None
    delivery.detail = detail[:2000]
    delivery.run_at = unit.now + max(wait, after or wait)
    outgoing.enqueue_send(unit, delivery)
    if unit.now - delivery.created_at > TELL_AGENT and delivery.agent_told_at is None:
        delivery.agent_told_at = unit.now
        _tell(unit, delivery)


def go_on(unit: Unit, delivery: Delivery, attempt_id: int, *, after: timedelta) -> None:
    """Queue the rest of a message that leaves in parts; that is no failure."""
    _end(unit, attempt_id, "part")
    delivery.state, delivery.tries = DeliveryState.QUEUED, delivery.tries - 1
    delivery.run_at = unit.now + max(after, timedelta(seconds=1))  # a job of another name
    outgoing.enqueue_send(unit, delivery)


def fail(unit: Unit, delivery: Delivery, detail: str) -> None:
    """Give a delivery up, visibly; the ticket is open again."""
    _close_attempts(unit, delivery, "failed", detail)
    for part in open_parts(unit.session, delivery.id):
        part.state, part.detail = DeliveryState.FAILED, part.detail or detail[:2000]
    delivery.state, delivery.detail, delivery.committing_at = (
        DeliveryState.FAILED,
        detail[:2000],
        None,
    )
    _tell(unit, delivery)


def hold(unit: Unit, delivery: Delivery, detail: str) -> None:
    """Keep a message back because a plugin that must see it could not; a person sends it."""
    _close_attempts(unit, delivery, "held", detail)
    delivery.state, delivery.detail = DeliveryState.HELD, detail[:2000]
    _tell(unit, delivery)


def unsure(unit: Unit, delivery: Delivery, detail: str) -> None:
    """Say that nobody knows whether it was sent; only a person repeats it."""
    _close_attempts(unit, delivery, "unsure", detail)
    delivery.state, delivery.detail = DeliveryState.UNSURE, detail[:2000]
    _tell(unit, delivery)


def retry(actor: Actor, delivery_id: int) -> None:
    """Send what did not or may not have left again, with the same bytes and the same Message-ID."""
    with unit_of_work(actor) as unit:
        delivery = _own(unit, actor, delivery_id, _REPEATABLE)
        ticket_kinds.require_again(unit, delivery)
        unsent = (DeliveryPart.delivery_id == delivery.id, DeliveryPart.state != DeliveryState.SENT)
        for part in unit.session.scalars(select(DeliveryPart).where(*unsent)):
            part.state, part.detail = DeliveryState.QUEUED, ""
        delivery.state, delivery.run_at = DeliveryState.QUEUED, unit.now
        delivery.committing_at = None
        delivery.created_at = unit.now  # five more days
        outgoing.enqueue_send(unit, delivery)


def set_aside(actor: Actor, delivery_id: int) -> None:
    """Take an answer that did not leave off the lists; its ticket goes on saying that it did not."""
    with unit_of_work(actor) as unit:
        _own(unit, actor, delivery_id, _NOT_LEFT).state = DeliveryState.SET_ASIDE


def mark_sent(actor: Actor, delivery_id: int) -> None:
    """Settle an unsure delivery as sent, as somebody who looked at the far side knows."""
    with unit_of_work(actor) as unit:
        delivery = _own(unit, actor, delivery_id, {DeliveryState.UNSURE})
        for part in open_parts(unit.session, delivery.id):
            part.state = DeliveryState.SENT
        delivery.state, delivery.sent_at, delivery.detail = DeliveryState.SENT, unit.now, ""
        delivery.committing_at = None
        _note_sent(unit, delivery)


def blocked() -> Select[int, str]:
    """Select the accounts whose answers wait for somebody to mend something, and what."""
    return (
        select(Delivery.account_id.label("account_id"), func.max(Delivery.detail).label("detail"))
        .join(DeliveryAttempt, DeliveryAttempt.delivery_id == Delivery.id)
        .where(Delivery.state == DeliveryState.QUEUED, DeliveryAttempt.outcome == BLOCKED)
        .group_by(Delivery.account_id)
    )


def _parts(session: Session, delivery_id: int) -> Sequence[DeliveryPart]:
    statement = select(DeliveryPart).where(DeliveryPart.delivery_id == delivery_id)
    return session.scalars(statement).all()


def open_parts(session: Session, delivery_id: int) -> Sequence[DeliveryPart]:
    """Return the recipients that still wait for their message."""
    return session.scalars(
        select(DeliveryPart)
        .where(DeliveryPart.delivery_id == delivery_id, DeliveryPart.state.in_(_OPEN_PARTS))
        .order_by(DeliveryPart.id)
    ).all()


def adopt_orphans() -> int:
    """Make jobs for deliveries that wait without one; returns how many there were.

    One whose job was given up, because the worker died of it again and again, is shown to people.
    """
    with unit_of_work() as unit:
        prefix = "delivery:"
        waiting = unit.session.scalars(
            select(Delivery).where(
                Delivery.state.in_((DeliveryState.QUEUED, DeliveryState.SENDING)),
                Delivery.run_at < unit.now - timedelta(minutes=2),
            )
        ).all()
        adopted = 0
        for delivery in waiting:
            states = unit.session.scalars(
                select(Job.state).where(Job.unique_key.startswith(f"{prefix}{delivery.id}:"))
            ).all()
            if not states:
                outgoing.enqueue_send(unit, delivery)
                adopted += 1
            elif set(states) == {JobState.FAILED}:
                give_up = fail if delivery.committing_at is None else unsure
                give_up(unit, delivery, N_("The desk was stopped by this more than once."))
    return adopted


def own(unit: Unit, actor: Actor, delivery_id: int) -> tuple[Delivery, Ticket]:
    """Return an answer that *actor* may change, locked, with its ticket.

    Raises NotFound alike, and at the same cost, for none and for one that is not theirs.
    """
    found = unit.session.execute(
        select(Delivery, Ticket)
        .join(Ticket, Ticket.id == Delivery.ticket_id)
        .where(Delivery.id == delivery_id, access.visible_tickets(actor))
        .with_for_update(of=Delivery)
    ).one_or_none()
    if found is None:
        message = _("There is no such message.")
        raise NotFound(message)
    access.require(actor, "ticket.reply", unit.session)
    return found[0], found[1]


def _own(unit: Unit, actor: Actor, delivery_id: int, states: set[DeliveryState]) -> Delivery:
    delivery, _ticket = own(unit, actor, delivery_id)
    if delivery.state not in states:
        message = _("This message has moved on meanwhile; nothing was changed.")
        raise Conflict(message)
    return delivery


def _give_up_at(unit: Unit, delivery: Delivery) -> datetime:
    if delivery.ticket_id is not None:
        return delivery.created_at + GIVE_UP
    return unit.session.scalars(
        select(Notice.useful_until).where(Notice.delivery_id == delivery.id)
    ).one()


def _note_sent(unit: Unit, delivery: Delivery) -> None:
    if delivery.ticket_id is None:
        notices.forget_words(unit, delivery.id)
        return
    unit.record(
        events.ReplySent(
            ticket_id=delivery.ticket_id,
            message_id=delivery.message_id or 0,
            delivery_id=delivery.id,
        )
    )


def _tell(unit: Unit, delivery: Delivery) -> None:
    """Bring a ticket whose message did not go back in front of somebody.

    The desk's own mail has none: admins see it in the outbox and under "needs attention".
    """
    if delivery.ticket_id is None:
        return
    ticket = unit.session.get_one(Ticket, delivery.ticket_id)
    unit.record(
        events.ReplyFailed(
            ticket_id=ticket.id,
            mailbox_id=ticket.mailbox_id,
            message_id=delivery.message_id or 0,
            delivery_id=delivery.id,
            state=delivery.state,
            detail=delivery.detail[:500],
        )
    )
    status = None if delivery.is_automatic else ticket_kinds.after_failure(unit, ticket)
    if status is None:
        return
    with counters.changing(unit, ticket):
        tickets.set_status(unit, ticket, status, cause="failure")
        said = unit.session.get_one(Message, delivery.message_id)
        ticket.list_at = said.created_at


def _close_attempts(unit: Unit, delivery: Delivery, outcome: str, detail: str = "") -> None:
    rows = unit.session.scalars(
        select(DeliveryAttempt).where(
            DeliveryAttempt.delivery_id == delivery.id, DeliveryAttempt.ended_at.is_(None)
        )
    )
    for row in rows:
        row.ended_at, row.outcome, row.detail = unit.now, outcome, detail[:2000]


def _end(unit: Unit, attempt_id: int, outcome: str, detail: str = "") -> None:
    row = unit.session.get_one(DeliveryAttempt, attempt_id)
    row.ended_at, row.outcome, row.detail = unit.now, outcome, detail[:2000]
