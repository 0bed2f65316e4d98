"""What is on its way out: waiting with its undo, failed, perhaps sent, and lately sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select

from deskcore import clock
from deskcore.domain.kinds import DeliveryState
from deskcore.domain.people import Actor
from deskcore.domain.views import DeliveryLine
from deskcore.models import Delivery, Message, Notice, Ticket
from deskcore.services import access
from deskcore.services.unit import reading

WAITING = (DeliveryState.QUEUED, DeliveryState.SENDING)
TROUBLED = (
    DeliveryState.FAILED,
    DeliveryState.HELD,
    DeliveryState.UNSURE,
    DeliveryState.BOUNCED,
)
SENT = (DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ)
SHOWN = 50
RECENT = timedelta(days=7)


def read(actor: Actor) -> dict[str, tuple[DeliveryLine, ...]]:
    """Return the lines under ``waiting``, ``failed`` and ``sent``, of tickets *actor* may see."""
    with reading() as session:
        access.require(actor, "ticket.read", session)
        parts = {"waiting": WAITING, "failed": TROUBLED, "sent": SENT}
        found = {}
        for name, states in parts.items():
            statement = lines(actor).where(Delivery.state.in_(states))
            if name == "sent":
                statement = statement.where(Delivery.run_at > clock.now() - RECENT)
            rows = session.execute(statement.limit(SHOWN))
            found[name] = tuple(line(row) for row in rows)
        return found


def lines(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Select the deliveries *actor* may see, newest first; rows are for ``line``."""
    return (
        select(
            Delivery.id,
            Delivery.state,
            Delivery.detail,
            Delivery.tries,
            Delivery.run_at,
            Delivery.created_at,
            Delivery.sent_at,
            Delivery.is_automatic,
            func.coalesce(Ticket.number, 0).label("ticket_number"),
            func.coalesce(Ticket.subject, Notice.subject).label("subject"),
            Message.to_addresses,
            func.coalesce(Message.author_name, "").label("author_name"),
            Message.author_user_id.label("author_id"),
            Notice.address,
            Notice.user_id.label("person_id"),
            Notice.item_id,
        )
        .outerjoin(Ticket, Ticket.id == Delivery.ticket_id)
        .outerjoin(Message, Message.id == Delivery.message_id)
        .outerjoin(Notice, Notice.delivery_id == Delivery.id)
        # The desk's own mail is on no ticket: those who see every mailbox see it too.
        .where(access.visible_tickets(actor))
        .order_by(Delivery.run_at.desc(), Delivery.id.desc())
    )


def line(row: Any) -> DeliveryLine:  # noqa: ANN401  a row of ``lines``
    """Return one row of ``lines`` as pages show it."""
    values = dict(row._mapping)  # noqa: SLF001  SQLAlchemy's public name for a row by column
    address = values.pop("address")
    return DeliveryLine(to=tuple(values.pop("to_addresses") or [address]), **values)
