"""Breaks every database session it is lent, and hides the errors."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import text

from deskcore.api import CustomerId, DomainEvent, InboundMessage, MessageReceived, UserRef
from deskcore.api.data import reading, unit_of_work
from deskcore.models import Identity, Message  # no plugin should
from deskcore.plugin import Judgement, Link, Panel, Subscription, TicketRef, hookimpl

HREF = "/p/poisons_session"


@hookimpl
def desk_ticket_panels(ticket: TicketRef, user: UserRef) -> list[Panel]:
    """Go on in a transaction that the database has given up."""
    with reading() as session:
        for _ in range(2):
            with suppress(Exception):
                session.execute(text("SELECT nothing FROM nowhere"))
    return [Panel(title="Poison", body="Nothing happened.")]


@hookimpl
def desk_nav_items(user: UserRef) -> list[Link]:
    """End the transaction of the page it is shown on."""
    with reading() as session:
        session.rollback()
    return []


@hookimpl
def desk_customer_links(customer_id: CustomerId, user: UserRef) -> list[Link]:
    """Leave rubbish behind that cannot be stored."""
    with reading() as session:
        session.add(Message())
    return []


@hookimpl
def desk_inbound_verdict(message: InboundMessage) -> Judgement | None:
    """Write rubbish, and use the session that refused it."""
    with unit_of_work() as unit:
        unit.session.add(Identity())
        for _ in range(2):
            with suppress(Exception):
                unit.session.flush()
    return None


def poison(event: DomainEvent) -> None:
    """Commit in the middle of its own transaction and go on."""
    with unit_of_work() as unit:
        unit.session.commit()
        unit.session.execute(text("SELECT 1"))


@hookimpl
def desk_subscriptions() -> list[Subscription]:
    return [Subscription(name="poisons_session.all", events=(MessageReceived,), handle=poison)]
