"""Taking a queued answer back while it waits: one transaction gives everything back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from deskcore.domain import events
from deskcore.domain.kinds import QUESTION, DeliveryState
from deskcore.domain.people import Actor
from deskcore.domain.writing import DraftView
from deskcore.errors import Conflict
from deskcore.i18n import _
from deskcore.models import Message, Status, ThreadKey, Ticket
from deskcore.services import counters, drafts, search, tickets
from deskcore.services import delivery as deliveries
from deskcore.services.unit import Unit, unit_of_work


def undo(actor: Actor, delivery_id: int) -> int:
    """Take a queued answer back: it is a draft again, the ticket is as it was before.

    Returns the ticket's number. Raises Conflict once it has left or begun to leave.
    """
    with unit_of_work(actor) as unit:
        delivery, ticket = deliveries.own(unit, actor, delivery_id)
        if delivery.state != DeliveryState.QUEUED or delivery.tries or delivery.is_automatic:
            message = _("It is too late to take this back: it has left or is leaving.")
            raise Conflict(message)
        delivery.state = DeliveryState.CANCELLED
        said = unit.session.get_one(Message, delivery.message_id)
        said.undone_at = unit.now
        _return_draft(unit, actor, ticket, said)
        _restore(unit, ticket, delivery.previous)
        search.remove_message(unit.session, said.id)
        unit.record(
            events.ReplyUndone(
                ticket_id=ticket.id, mailbox_id=ticket.mailbox_id, message_id=said.id
            )
        )
        return ticket.number


def _restore(unit: Unit, ticket: Ticket, previous: dict[str, object]) -> None:
    with counters.changing(unit, ticket):
        if (status := _status_before(unit, ticket, previous)) is not None:
            tickets.set_status(unit, ticket, status, cause="undo")
        ticket.preview = str(previous.get("preview", ""))
        ticket.last_direction = str(previous.get("last_direction", ""))
        ticket.message_count = max(0, ticket.message_count - 1)
        for name in ("waiting_since", "solved_at", "list_at"):
            value = previous.get(name)
            if isinstance(value, str):
                setattr(ticket, name, datetime.fromisoformat(value))
            elif name != "list_at":
                setattr(ticket, name, None)


def _status_before(unit: Unit, ticket: Ticket, previous: dict[str, object]) -> Status | None:
    """Return the status to give back; in a flow, what happened since the answer stays."""
    before = str(previous.get("status", "open"))
    if ticket.kind == QUESTION:
        return tickets.status_of(unit.session, before)
    now = unit.session.get_one(Status, ticket.status_id)
    if now.key != previous.get("status_after"):
        return None
    return unit.session.scalars(select(Status).where(Status.key == before)).one_or_none()


def _return_draft(unit: Unit, actor: Actor, ticket: Ticket, said: Message) -> None:
    like = DraftView(
        body=said.visible,
        to=tuple(said.to_addresses),
        cc=tuple(said.cc_addresses),
        subject=said.subject,
        mailbox_id=ticket.mailbox_id,
    )
    drafts.put_back(unit, actor, ticket.id, "reply", message_id=said.id, like=like)
    unit.session.execute(delete(ThreadKey).where(ThreadKey.message_id == said.id))
