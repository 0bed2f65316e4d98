"""One transaction of one use case: what it writes, records and asks for happens together or not.

``unit_of_work`` owns a writing session (``BEGIN IMMEDIATE`` on SQLite), ``reading`` a short
reading one. Neither may be opened inside a unit of work, nor be held during network calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Engine, Executable, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.db import READING, WRITING, insert_into
from deskcore.domain.events import DomainEvent
from deskcore.domain.kinds import JobState
from deskcore.domain.people import SYSTEM, Actor
from deskcore.extensions import db
from deskcore.models import AuditEntry, Event, Job
from deskcore.plugin.running import running
from deskcore.services import held
from deskcore.services.lending import KeptSession, end, lent
from deskcore.services.prepared import direct

SUBJECT_LENGTH = 160  # a mail address may be longer
MAX_EVENT_DEPTH = 3  # a rule that triggers itself stops here
_current: ContextVar[Unit | None] = ContextVar("unit", default=None)
_shared: ContextVar[KeptSession | None] = ContextVar("reading", default=None)
_looking: ContextVar[str] = ContextVar("looking", default="")
_listeners: list[Callable[[], None]] = []
_RECORD = insert(Event)


_enqueuing: dict[str, Executable] = {}  # by dialect; building it takes longer than running it


def _enqueue(session: Session) -> Executable:
    """Insert a job; one with the same unique key that was given up takes its values, or none."""
    dialect = session.get_bind().dialect.name
    if dialect not in _enqueuing:
        made = insert_into(session, Job)
        told = ("name", "args", "order_key", "run_at", "created_at", "max_tries")
        values = {name: made.excluded[name] for name in told}
        _enqueuing[dialect] = made.on_conflict_do_update(
            index_elements=["unique_key"],
            set_={**values, "state": JobState.READY, "tries": 0, "error": ""},
            where=Job.state == JobState.FAILED,
        )
    return _enqueuing[dialect]


@dataclass(kw_only=True)
class Unit:
    """A running transaction: its session, its actor, and what is to happen after the commit."""

    session: Session
    actor: Actor
    now: datetime
    caused_by: Event | None = None
    _after: list[Callable[[], None]] = field(default_factory=list)

    def record(self, event: DomainEvent) -> None:
        """Write *event* to the permanent event table, in this transaction."""
        values = {
            "name": event.name,
            "version": event.version,
            "at": self.now,
            "actor_kind": self.actor.kind,
            "actor_id": self.actor.id,
            "actor_name": self.actor.name,
            "ticket_id": event.ticket_id,
            "customer_id": event.customer_id,
            "mailbox_id": event.mailbox_id,
            "data": event.data(),
            "caused_by_id": self.caused_by.id if self.caused_by else None,
            "depth": self.caused_by.depth + 1 if self.caused_by else 0,
        }
        direct(self.session, _RECORD, values)
        self.wake()

    def audit(
        self,
        action: str,
        subject: str = "",
        *,
        before: dict[str, object] | None = None,
        after: dict[str, object] | None = None,
        address: str = "",
    ) -> None:
        """Write one line of administration's memory; values must hold no secrets."""
        self.session.add(
            AuditEntry(
                at=self.now,
                actor_kind=self.actor.kind,
                actor_id=self.actor.id,
                actor_name=self.actor.name,
                action=action,
                subject=subject[:SUBJECT_LENGTH],
                before=before or {},
                after=after or {},
                address=address,
            )
        )

    def enqueue(
        self,
        name: str,
        args: dict[str, object] | None = None,
        *,
        run_at: datetime | None = None,
        unique_key: str | None = None,
        order_key: str | None = None,
        max_tries: int = 10,
    ) -> None:
        """Ask for background work in this transaction.

        A second job with the same *unique_key* is not made while the first exists; one that was
        given up begins anew.
        """
        values = {
            "name": name,
            "args": args or {},
            "unique_key": unique_key,
            "order_key": order_key,
            "run_at": run_at or self.now,
            "created_at": self.now,
            "max_tries": max_tries,
        }
        direct(self.session, _enqueue(self.session), values)
        self.wake()

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call *call* once the transaction is committed; never when it is rolled back."""
        self._after.append(call)

    def wake(self) -> None:
        """Wake the worker after the commit, once."""
        if _announce not in self._after:
            self._after.append(_announce)


@contextmanager
def unit_of_work(actor: Actor = SYSTEM, *, caused_by: Event | None = None) -> Iterator[Unit]:
    """Open the transaction of one use case; commits at the end, rolls back on any exception.

    Raises RuntimeError when a unit of work is open already in this thread, or nothing may change.
    """
    if what := _looking.get():
        raise RuntimeError(f"{what} changes something, though people only look there.")
    if _current.get() is not None:
        message = "a unit of work is open already"
        raise RuntimeError(message)
    unit = Unit(
        session=KeptSession(_engine().execution_options(**{WRITING: True}), expire_on_commit=False),
        actor=actor,
        now=clock.now(),
        caused_by=caused_by,
    )
    token = _current.set(unit)
    try:
        with unit.session.begin():
            yield unit
    finally:
        # One that a plugin forgot was ended for it, and is collected whenever Python looks for
        # garbage: while another plugin is at work, or the page of another person is being read.
        is_forgotten = _current.get() is not unit
        if not is_forgotten:
            _current.reset(token)
        held.ended(unit.session)
        Session.close(unit.session)  # not its own method, which asks whose it is
        if not is_forgotten and (shared := _shared.get()) is not None:
            shared.begin_anew()  # whoever reads on must see what was written
    for call in unit._after:  # noqa: SLF001  the unit's own list
        call()


@contextmanager
def reading() -> Iterator[Session]:
    """Open a short reading session; nothing is ever written through it."""
    if (unit := _current.get()) is not None:
        # Inside a unit of work its own session must be read: it alone sees what was written.
        yield lent(unit.session)
    elif (shared := _shared.get()) is not None:
        try:
            yield lent(shared)
        except DBAPIError:
            shared.recover()  # a refused statement must not refuse those of the error page
            raise
    else:
        session = KeptSession(_reader(), expire_on_commit=False, autoflush=False)
        try:
            yield session
        finally:
            Session.close(session)  # a forgotten one is collected as above


@contextmanager
def reading_together() -> Iterator[None]:
    """Let every ``reading`` inside share one session: one connection, one state of the desk."""
    with KeptSession(_reader(), expire_on_commit=False, autoflush=False) as session:
        token = _shared.set(session)
        try:
            yield
        finally:
            _shared.reset(token)


@contextmanager
def only_reading(what: str) -> Iterator[None]:
    """Let nothing be changed inside: *what* is only looked at."""
    token = _looking.set(what)
    try:
        yield
    finally:
        _looking.reset(token)


def is_sqlite(session: Session) -> bool:
    """Whether this session talks to SQLite."""
    return session.get_bind().dialect.name == "sqlite"


def is_open() -> bool:
    """Whether this thread is inside a unit of work."""
    return _current.get() is not None


def current() -> Unit | None:
    """Return the unit of work that this thread is inside of."""
    return _current.get()


def abandon(unit: Unit, *, within: Unit | None = None) -> None:
    """End a unit of work that nobody will end any more; what was written in it is undone."""
    _current.set(within)
    held.ended(unit.session)
    end(unit.session)


def on_wake(call: Callable[[], None]) -> None:
    """Have *call* called after every commit that leaves work for the worker."""
    _listeners.append(call)


def is_reachable() -> bool:
    """Whether the database answers."""
    with reading() as session:
        return bool(session.execute(select(1)).scalar_one() == 1)


def _announce() -> None:
    for call in _listeners:
        call()


def _engine() -> Engine:
    return db.engine


def _reader() -> Engine:
    """Return an engine whose transactions read one state, and cannot change it.

    By themselves PostgreSQL's read one state a statement.
    """
    engine = _engine()
    if engine.dialect.name == "sqlite":
        # Only where a plugin asks: each change of it has SQLite compile every statement anew.
        return engine.execution_options(**{READING: True}) if running() else engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
