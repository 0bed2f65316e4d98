"""What a plugin borrows of a transaction that is not its own: a SAVEPOINT, opened at first use.

Around each call of a plugin stands a ``Call``. One that asks for no session costs next to nothing;
the first ``reading`` inside it opens the SAVEPOINT. Whatever the plugin breaks there is undone with
it, and what it may not do (end the transaction of whoever called it) is refused.
"""

from __future__ import annotations

from contextvars import ContextVar, Token
from types import TracebackType

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, SessionTransaction

from deskcore.db import WRITING
from deskcore.plugin.running import running

_call: ContextVar[Call | None] = ContextVar("call of a plugin", default=None)


class NotYours(RuntimeError):
    """A plugin tried to end a transaction that it did not begin."""


class Call:
    """One call of a plugin's code, for ``with``; what it raises at the end is the plugin's fault."""

    __slots__ = ("_before", "_changes", "_read", "_savepoints", "opened")

    def __init__(self) -> None:
        self._savepoints: dict[Session, SessionTransaction] = {}
        self._read: KeptSession | None = None
        self._changes: tuple[int, int] = (0, 0)
        self.opened: list[KeptSession] = []  # by whoever was called

    def __enter__(self) -> None:
        self._before: Token[Call | None] = _call.set(self)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        _call.reset(self._before)
        for session in reversed(list(self._savepoints)):
            self._settle(session, is_good=kind is None)
        if self._read is not None:
            self._look_after(self._read, is_good=kind is None)

    def lend(self, session: KeptSession) -> None:
        """Open the SAVEPOINT that the plugin's use of *session* stays inside of, once."""
        if not session.is_spoilt_by_errors:
            if self._read is None:  # there is one that is only read, for all of a page
                self._read, self._changes = session, _changes(session)
        elif session not in self._savepoints:
            self._savepoints[session] = session.begin_nested()

    def take_back(self, session: Session) -> bool:
        """Undo what the plugin did with *session* after a failed statement; False without a loan."""
        if session not in self._savepoints:
            return False
        self._settle(session, is_good=False)
        return True

    def _look_after(self, session: KeptSession, *, is_good: bool) -> None:
        """Have nothing stay of what was changed in a transaction that only reads."""
        if not session.is_active:
            session.begin_anew()
            return
        connection, changed = _changes(session)
        if connection != self._changes[0] or changed == self._changes[1]:
            return  # another connection is a transaction that the desk began anew meanwhile
        session.begin_anew()
        if is_good:
            raise NotYours("A plugin changed something where it may only read. It was undone.")

    def _settle(self, session: Session, *, is_good: bool) -> None:
        savepoint = self._savepoints.pop(session)
        if session.get_nested_transaction() is not savepoint:
            return  # whoever opened the transaction began it anew meanwhile
        is_sound = False
        try:
            if is_good:
                session.flush()
                _require_sound(session)
                is_sound = True
        finally:
            _end(savepoint, session, is_good=is_sound)


class KeptSession(Session):
    """A session whose transaction is ended only by the one who opened it."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]  # as the base takes them
        self.opened_in = _call.get()
        self.slug = ""
        if self.opened_in is not None:
            self.opened_in.opened.append(self)
            self.slug = running()
        engine = self.get_bind()
        # SQLite goes on after a refused statement, and what is only read has nothing to keep.
        self.is_spoilt_by_errors = engine.dialect.name != "sqlite" or bool(
            engine.get_execution_options().get(WRITING, False)
        )

    def commit(self) -> None:
        """Commit; raises ``NotYours`` in a plugin that was only lent the session."""
        self._require_owner()
        super().commit()

    def rollback(self) -> None:
        """Roll back; raises ``NotYours`` as above."""
        self._require_owner()
        super().rollback()

    def close(self) -> None:
        """Close; raises ``NotYours`` as above."""
        self._require_owner()
        super().close()

    def begin_anew(self) -> None:
        """Forget what was read, whoever asks: the next statement sees what is there by then."""
        super().rollback()

    def recover(self) -> None:
        """Make it usable after a failed statement."""
        call = _call.get()
        if call is not None and self.is_active and not self.is_spoilt_by_errors:
            return
        if call is None or not call.take_back(self):
            self.begin_anew()

    def _require_owner(self) -> None:
        call = _call.get()
        if call is not None and call is not self.opened_in:
            raise NotYours("A plugin may not end the transaction that it is called in.")


def lent(session: Session) -> Session:
    """Return a session for use: inside a SAVEPOINT in a plugin's call that did not open it."""
    call = _call.get()
    if call is not None and isinstance(session, KeptSession) and call is not session.opened_in:
        call.lend(session)
    return session


def end(session: Session) -> None:
    """Undo and close, whoever asks."""
    Session.rollback(session)
    Session.close(session)


def _changes(session: Session) -> tuple[int, int]:
    """Say which connection of SQLite a session is on and how many rows it changed; no statement."""
    driver = session.connection().connection.driver_connection
    return id(driver), driver.total_changes  # type: ignore[union-attr]  # a live one


def _require_sound(session: Session) -> None:
    """Raise when a statement failed that nobody speaks of: the server takes no others then."""
    info = getattr(session.connection().connection.driver_connection, "info", None)
    if info is not None and info.transaction_status.name == "INERROR":  # psycopg's, without asking
        raise SQLAlchemyError("a statement failed, and its error was hidden")


def _end(savepoint: SessionTransaction, session: Session, *, is_good: bool) -> None:
    """Keep or undo what came after the SAVEPOINT; if it is gone, nothing may be kept at all."""
    try:
        (savepoint.commit if is_good else savepoint.rollback)()
    except SQLAlchemyError:
        session.invalidate()
        raise
