"""Sending one delivery, in the worker: render once, claim, send, write down what came of it.

The claim commits before the send, a marker just before the irrevocable byte, the result after:
the only doubtful window is between marker and result.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.domain.kinds import DeliveryState
from deskcore.domain.messages import OutboundMessage
from deskcore.errors import Conflict, DeskError
from deskcore.failpoints import failpoint
from deskcore.i18n import N_
from deskcore.models import (
    ChannelAccount,
    Delivery,
    DeliveryAttempt,
    DeliveryPayload,
    Ticket,
)
from deskcore.plugin.active import plugins
from deskcore.plugin.channel import (
    Blocked,
    PartResult,
    Payload,
    Refused,
    SendResult,
    SignInFailed,
    TryLater,
    Unsure,
)
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import Resting
from deskcore.plugin.guarded import GuardedChannel
from deskcore.plugin.parts import TicketRef
from deskcore.services import (
    changes,
    channels,
    composing,
    delivery,
    files,
    plugin_places,
    ticket_kinds,
)
from deskcore.services.jobs import RunAgain, job
from deskcore.services.turns import Turns
from deskcore.services.unit import Unit, reading, unit_of_work

_CHANNEL = (
    select(ChannelAccount.channel)
    .join(Delivery, Delivery.account_id == ChannelAccount.id)
    .where(Delivery.id == bindparam("delivery_id"))
)
_AHEAD = (DeliveryState.QUEUED, DeliveryState.SENDING)


_SENT = "sent"  # in what is kept of a payload: the far side has it
TURNS = Turns()


class _Paced(Exception):
    """A part was sent, and the next one waits for its turn."""


class _HeldBack(Exception):
    """A plugin that guards replies could not do its part; the message must not leave."""


@dataclass(frozen=True, kw_only=True)
class _Try:
    """One claimed try: what to send, by which channel, under which fence."""

    delivery_id: int
    attempt_id: int
    account_id: int
    key: str
    channel: GuardedChannel
    payloads: tuple[Payload, ...]


@job("delivery.send")
def send(delivery_id: int) -> None:
    """Send a delivery that is due; harmless to repeat at any point."""
    with plugins().guard.rooms.inside(_plugin_of(delivery_id)):
        _send_due(delivery_id)


def _send_due(delivery_id: int) -> None:
    try:
        found = _prepare(delivery_id)
    except (_HeldBack, Refused, TryLater, PluginFailed, DeskError) as error:
        _give_up_unsent(delivery_id, error)
        return
    if found is None:
        _come_back_when_due(delivery_id)
        return
    failpoint("delivery.claimed")
    try:
        parts = _send(found)
    except (Conflict, _Paced):
        return  # somebody else has it now, or the rest of it is queued
    except (TryLater, SignInFailed, Refused, Unsure, PluginFailed) as error:
        with unit_of_work() as unit:
            _failed(unit, found, error)
        return
    failpoint("delivery.accepted")
    with unit_of_work() as unit:
        row = unit.session.get_one(Delivery, found.delivery_id, with_for_update=True)
        delivery.finish(unit, row, found.attempt_id, parts)
    failpoint("delivery.sent")


def _plugin_of(delivery_id: int) -> str:
    """Name the plugin that will be asked to send it; empty when it is away."""
    with reading() as session:
        channel = session.scalar(_CHANNEL, {"delivery_id": delivery_id})
    kind = plugins().registry.channels.get(channel or "")
    return kind.slug if kind is not None else ""


def _prepare(delivery_id: int) -> _Try | None:
    with reading() as session:
        row = session.get(Delivery, delivery_id)
        if row is None or row.state not in _AHEAD:
            return None  # what was sent may have been forgotten since
        account = session.get_one(ChannelAccount, row.account_id)
        rendered = _stored_payloads(session, row.id)
        if channels.is_sample(session, account):
            _settle_sample(delivery_id)
            return None
        message = None if rendered else composing.compose(session, row)
        ticket = session.get_one(Ticket, row.ticket_id) if row.ticket_id else None
    channel = channels.for_sending(account)
    if (pace := channel.can.pace) is not None:
        wait_s = TURNS.wait_s(delivery_id, account.id, row.ticket_id or 0, pace)
        if wait_s:
            raise RunAgain(after=timedelta(seconds=wait_s))
    if message is not None:
        # The desk's own mail holds ways in: it is nobody's to change or to read.
        if ticket is not None:
            message = _as_plugins_want(message, plugin_places.ticket_ref(ticket))
        rendered = tuple(channel.render(message))
    digests = [files.write(payload.content) for payload in rendered]
    with unit_of_work() as unit:
        claimed = delivery.begin(unit, delivery_id)
        if claimed is None:
            return None
        row, attempt = claimed
        if message is not None:
            _store_payloads(unit, row, rendered, digests)
        return _Try(
            delivery_id=row.id,
            attempt_id=attempt.id,
            account_id=row.account_id,
            key=row.key,
            channel=channel,
            payloads=_still_open(unit.session, row.id, rendered),
        )


def _come_back_when_due(delivery_id: int) -> None:
    """Ask for another call when the clocks of desk and database disagree about "due"."""
    with reading() as session:
        row = session.get(Delivery, delivery_id)
    early = row.run_at - clock.now() if row and row.state == DeliveryState.QUEUED else None
    if early is not None and early > timedelta(0):
        raise RunAgain(after=early)


def _as_plugins_want(message: OutboundMessage, ticket: TicketRef) -> OutboundMessage:
    """Let plugins change what is sent; raises _HeldBack when one that must see it could not.

    What they add counts: an answer that outgrew the room of its kind is held, too.
    """
    try:
        changed = plugins().hooks.outbound_prepare(message, ticket)
    except (PluginFailed, Resting) as error:
        raise _HeldBack(N_("A plugin that must look at every reply failed to.")) from error
    kind = ticket_kinds.of(ticket.kind)
    if kind is not None and ticket_kinds.too_long(kind, len(changed.text)):
        raise _HeldBack(N_("With what a plugin added, this is longer than an answer may be here."))
    return changed


def _send(found: _Try) -> dict[str, PartResult]:
    def committing() -> None:
        delivery.commit_marker(found.delivery_id, found.attempt_id)
        failpoint("delivery.committing")

    parts: dict[str, PartResult] = {}
    for payload in found.payloads:
        result: SendResult = found.channel.send(payload, key=found.key, committing=committing)
        parts.update(result.parts)
        if payload is not found.payloads[-1]:
            _part_sent(found, payload, result)
    return parts


def _part_sent(found: _Try, payload: Payload, result: SendResult) -> None:
    """Write down that a part has left, whatever becomes of the next one; that may have to wait."""
    if any(part.status != "accepted" for part in result.parts.values()):
        return  # it is sent again with the rest
    pace = found.channel.can.pace
    with unit_of_work() as unit:
        row = unit.session.get_one(Delivery, found.delivery_id, with_for_update=True)
        kept = unit.session.scalars(
            select(DeliveryPayload).where(
                DeliveryPayload.delivery_id == row.id, DeliveryPayload.part == payload.part
            )
        ).one()
        kept.meta = {**kept.meta, _SENT: "1"}
        for part in result.parts.values():
            changes.remember_ours(unit, row, part.external_id)
        is_ours = row.state == DeliveryState.SENDING
        if is_ours:
            row.committing_at = None
        if is_ours and pace is not None:
            delivery.go_on(unit, row, found.attempt_id, after=pace.each)
    if pace is not None or not is_ours:
        raise _Paced


def _failed(unit: Unit, found: _Try, error: Exception) -> None:
    row = unit.session.get_one(Delivery, found.delivery_id, with_for_update=True)
    attempt = unit.session.get_one(DeliveryAttempt, found.attempt_id)
    if attempt.ended_at is not None:
        return
    match error:
        case SignInFailed() | Blocked():
            delivery.again(unit, row, attempt.id, str(error), outcome=delivery.BLOCKED)
        case TryLater():
            if error.after is not None:
                TURNS.hold(found.account_id, error.after)
            delivery.again(unit, row, attempt.id, str(error), after=error.after)
        case Refused():
            delivery.fail(unit, row, str(error))
        case Unsure() if not found.channel.can.same_key_is_safe:
            delivery.unsure(unit, row, str(error))
        case Unsure():
            delivery.again(unit, row, attempt.id, str(error))
        case _ if row.committing_at is not None and not found.channel.can.same_key_is_safe:
            delivery.unsure(unit, row, N_("The channel failed after it had begun to send."))
        case _ if row.tries >= delivery.MAX_BUGS:
            delivery.fail(unit, row, N_("The channel failed; an administrator can see why."))
        case _:
            delivery.again(unit, row, attempt.id, N_("The channel failed; it is tried again."))


def _give_up_unsent(delivery_id: int, error: Exception) -> None:
    """Fail a delivery that could not even be made; one whose channel is away waits."""
    with unit_of_work() as unit:
        claimed = delivery.begin(unit, delivery_id)
        if claimed is None:
            return
        row, attempt = claimed
        if isinstance(error, _HeldBack):
            delivery.hold(unit, row, str(error))
        elif isinstance(error, Refused):
            delivery.fail(unit, row, str(error))
        elif isinstance(error, PluginFailed) and row.tries >= delivery.MAX_BUGS:
            delivery.fail(unit, row, N_("The channel failed; an administrator can see why."))
        else:
            delivery.again(unit, row, attempt.id, str(error))


def _settle_sample(delivery_id: int) -> None:
    """Pretend: sample data never leaves the desk."""
    with unit_of_work() as unit:
        claimed = delivery.begin(unit, delivery_id)
        if claimed is not None:
            row, attempt = claimed
            delivery.finish(unit, row, attempt.id, {})
            row.detail = N_("Sample data: nothing was really sent.")


def _store_payloads(
    unit: Unit, row: Delivery, payloads: tuple[Payload, ...], digests: list[str]
) -> None:
    for payload, digest in zip(payloads, digests, strict=True):
        files.refer(unit.session, digest, len(payload.content), unit.now)
        unit.session.add(
            DeliveryPayload(
                delivery_id=row.id,
                part=payload.part,
                digest=digest,
                content_type=payload.content_type,
                recipients=list(payload.recipients),
                meta=dict(payload.meta),
            )
        )


def _stored_payloads(session: Session, delivery_id: int) -> tuple[Payload, ...]:
    rows = session.scalars(
        select(DeliveryPayload)
        .where(DeliveryPayload.delivery_id == delivery_id)
        .order_by(DeliveryPayload.id)
    )
    return tuple(
        Payload(
            part=row.part,
            content=files.read(row.digest),
            content_type=row.content_type,
            recipients=tuple(row.recipients),
            meta={key: str(value) for key, value in row.meta.items()},
        )
        for row in rows
        if _SENT not in row.meta
    )


def _still_open(
    session: Session, delivery_id: int, payloads: tuple[Payload, ...]
) -> tuple[Payload, ...]:
    """Leave out recipients that have theirs already."""
    waiting = {part.recipient for part in delivery.open_parts(session, delivery_id)}
    narrowed = []
    for payload in payloads:
        recipients = tuple(name for name in payload.recipients if name in waiting)
        if recipients or not payload.recipients:
            narrowed.append(
                Payload(
                    part=payload.part,
                    content=payload.content,
                    content_type=payload.content_type,
                    recipients=recipients,
                    meta=payload.meta,
                )
            )
    return tuple(narrowed)
