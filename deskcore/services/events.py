"""Telling subscribers, reliably and in order, what happened.

One dispatcher gives each event its place in the feed, since PostgreSQL's sequences do not commit
in order, and makes one job per subscription. Jobs of one subscription and ticket run in order; a
subscriber that fails delays only itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, exists, func, literal, select
from sqlalchemy.orm import Session

from deskcore.domain.events import DomainEvent
from deskcore.errors import NotFound
from deskcore.models import Event
from deskcore.plugin.active import plugins
from deskcore.plugin.parts import Owned, Subscription
from deskcore.services import plugin_jobs
from deskcore.services.jobs import RunAgain, job
from deskcore.services.unit import Unit, is_sqlite, reading, unit_of_work

BATCH = 500
# Any number will do, as long as nothing else in this database uses it.
_DISPATCHER_LOCK = 7_306_100


def dispatch() -> int:
    """Place every event that has no place yet; returns how many. One dispatcher at a time."""
    placed = 0
    while has_unplaced():
        with unit_of_work() as unit:
            if not _is_only_dispatcher(unit.session):
                break
            rows = unit.session.scalars(_unplaced().limit(BATCH)).all()
            for place, event in enumerate(rows, start=_last_position(unit.session) + 1):
                event.position = place
            subscriptions = plugins().registry.subscriptions.all()
            for event in rows:
                _enqueue_for(unit, event, subscriptions)
        placed += len(rows)
    return placed


def has_unplaced() -> bool:
    """Whether an event waits for its place."""
    with reading() as session:
        return bool(session.scalar(select(exists().where(Event.position.is_(None)))))


@job("event.deliver")
def deliver(subscription: str, event_id: int) -> None:
    """Tell one subscriber of one event; a failure is recorded and the job comes again."""
    owned = plugins().registry.subscriptions.get(subscription)
    if owned is None:
        if plugin_jobs.waits_for_plugin(subscription):
            raise RunAgain(after=plugin_jobs.LOOK_AGAIN)
        raise NotFound(f"The subscription {subscription!r} is away: its plugin is not active.")
    with reading() as session:
        row = session.get(Event, event_id)
    if row is None:
        return  # erased with its ticket or customer
    event = _restore(row)
    with plugins().guard.rooms.inside(owned.slug):
        plugins().guard.call(
            owned.slug, f"subscription {subscription}", lambda: owned.item.handle(event)
        )


def last_position(session: Session) -> int:
    """Return the last place given, holding off every dispatcher until this transaction ends."""
    if not is_sqlite(session):
        session.execute(select(func.pg_advisory_xact_lock(literal(_DISPATCHER_LOCK))))
    return _last_position(session)


def _last_position(session: Session) -> int:
    return session.scalar(select(func.max(Event.position))) or 0


def _unplaced() -> Select[Event]:
    return select(Event).where(Event.position.is_(None)).order_by(Event.id)


def _is_only_dispatcher(session: Session) -> bool:
    if is_sqlite(session):
        return True  # a writing transaction is alone
    lock = select(func.pg_try_advisory_xact_lock(literal(_DISPATCHER_LOCK)))
    return bool(session.scalar(lock))


def _enqueue_for(unit: Unit, event: Event, subscriptions: Sequence[Owned[Subscription]]) -> None:
    for owned in subscriptions:
        if not any(kind.name == event.name for kind in owned.item.events):
            continue
        name = owned.item.name
        unit.enqueue(
            "event.deliver",
            {"subscription": name, "event_id": event.id},
            unique_key=f"event:{name}:{event.id}",
            order_key=f"event:{name}:{_subject(event)}",
        )


def _subject(event: Event) -> str:
    """Name what the event is about: a subscriber hears of one such thing in order."""
    if event.ticket_id is not None:
        return f"ticket {event.ticket_id}"
    return f"customer {event.customer_id}" if event.customer_id is not None else "desk"


def _restore(row: Event) -> DomainEvent:
    return DomainEvent.restore(
        row.name,
        ticket_id=row.ticket_id,
        customer_id=row.customer_id,
        mailbox_id=row.mailbox_id,
        **row.data,
    )
