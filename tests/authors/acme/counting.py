"""How many messages of Acme a ticket has: kept when one is filed, shown beside the ticket."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Table, func, select

from deskcore.api import DomainEvent, MessageReceived, ngettext
from deskcore.api.data import NAMING, BigId, reading, unit_of_work
from deskcore.plugin import Panel, Subscription, TicketRef

MESSAGES = Table(
    "plg_acme_message",
    MetaData(naming_convention=NAMING),
    Column("message_id", BigId, primary_key=True, autoincrement=False),
    Column("ticket_id", BigId, nullable=False, index=True),
)


def subscriptions() -> list[Subscription]:
    """Say what the plugin is told of."""
    return [Subscription(name="acme.counted", events=(MessageReceived,), handle=count)]


def count(event: DomainEvent) -> None:
    """Remember a message; being told twice changes nothing."""
    if not isinstance(event, MessageReceived) or event.channel != "acme":
        return
    with unit_of_work() as unit:
        known = select(MESSAGES.c.message_id).where(MESSAGES.c.message_id == event.message_id)
        if unit.session.execute(known).first() is None:
            row = {"message_id": event.message_id, "ticket_id": event.ticket_id}
            unit.session.execute(MESSAGES.insert().values(row))


def panels(ticket: TicketRef) -> list[Panel]:
    """Show the number, beside tickets that have any."""
    with reading() as session:
        asked = select(func.count()).where(MESSAGES.c.ticket_id == ticket.id)
        number = session.scalars(asked).one()
    if not number:
        return []
    return [Panel(title="Acme", body=ngettext("%(num)s message", "%(num)s messages", number))]
