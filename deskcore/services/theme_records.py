"""What the database remembers of themes: which one is worn, which are suspended, what failed.

A change raises the generation of the set of plugins in the same transaction: running processes are
replaced by fresh ones, which wear the other theme (``deskcore.renewal``).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from deskcore.db import insert_into
from deskcore.domain.kinds import ThemeState
from deskcore.logs import get_logger
from deskcore.models import ThemeFault, ThemeRecord
from deskcore.services import plugin_records
from deskcore.services.unit import Unit, is_open, reading, unit_of_work

DEFAULT = "linen"
FAILURES_ALLOWED = 3
MAX_WAITING = 100
log = get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class ThemeChoice:
    """Which theme is wanted, empty for none; ``suspended`` holds reasons by slug."""

    worn: str = ""
    suspended: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One failure of a template of a theme. Failures of one cause share their ``digest``."""

    slug: str
    template: str
    digest: str
    message: str
    traceback: str = field(default="", repr=False)
    at: datetime


@dataclass(frozen=True, kw_only=True)
class FailureLine:
    """One distinct failure as admins see it."""

    template: str
    message: str
    traceback: str
    count: int
    last_at: datetime


def choice() -> ThemeChoice:
    """Return what is wanted now; a database that cannot be read gives the core's own look."""
    try:
        with reading() as session:
            return choice_in(session)
    except SQLAlchemyError as error:
        log.warning("the choice of theme cannot be read; going on without", exc_info=error)
        return ThemeChoice()


def choice_in(session: Session) -> ThemeChoice:
    """Return what is wanted now; the theme that the desk comes with when nobody said."""
    rows = session.scalars(select(ThemeRecord)).all()
    worn = next((row.slug for row in rows if row.state == ThemeState.ACTIVE), "")
    suspended = {row.slug: row.reason for row in rows if row.state == ThemeState.SUSPENDED}
    return ThemeChoice(worn=worn or ("" if suspended else DEFAULT), suspended=suspended)


def wear(unit: Unit, slug: str) -> None:
    """Have fresh processes wear this theme, and forget what failed in it before."""
    for row in unit.session.scalars(
        select(ThemeRecord).where(ThemeRecord.state == ThemeState.ACTIVE)
    ):
        unit.session.delete(row)
    unit.session.flush()
    _keep(unit, slug, ThemeState.ACTIVE)
    unit.session.execute(delete(ThemeFault).where(ThemeFault.slug == slug))
    plugin_records.set_changed(unit)


def failures(session: Session, slug: str) -> Sequence[FailureLine]:
    """List what failed in a theme since it was activated, the latest first."""
    rows = session.scalars(
        select(ThemeFault).where(ThemeFault.slug == slug).order_by(ThemeFault.last_at.desc())
    )
    return [
        FailureLine(
            template=row.template,
            message=row.message,
            traceback=row.traceback,
            count=row.count,
            last_at=row.last_at,
        )
        for row in rows
    ]


class StoredFailures:
    """Collects failures and writes them when asked, outside any transaction; never raises."""

    def __init__(self) -> None:
        self._waiting: deque[Failure] = deque(maxlen=MAX_WAITING)

    def record(self, failure: Failure) -> None:
        """Take one failure."""
        self._waiting.append(failure)

    def flush(self) -> None:
        """Write what waits, and suspend a theme that failed too often."""
        if not self._waiting or is_open():
            return
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            with unit_of_work() as unit:
                for failure in batch:
                    _count(unit, failure)
                for slug in {failure.slug for failure in batch}:
                    _judge(unit, slug, [each for each in batch if each.slug == slug][-1])
        except SQLAlchemyError:
            self._waiting.extendleft(reversed(batch))
            log.warning("failures of a theme could not be stored yet")


def _keep(unit: Unit, slug: str, state: ThemeState, reason: str = "") -> None:
    row = unit.session.get(ThemeRecord, slug)
    if row is None:
        row = ThemeRecord(slug=slug)
        unit.session.add(row)
    row.state, row.reason, row.changed_at = state, reason, unit.now


def _judge(unit: Unit, slug: str, last: Failure) -> None:
    """Suspend the theme if it is the one that is worn and failed as often as is allowed."""
    counted = select(func.sum(ThemeFault.count)).where(ThemeFault.slug == slug)
    if (unit.session.scalar(counted) or 0) < FAILURES_ALLOWED:
        return
    if choice_in(unit.session).worn != slug:
        return
    reason = f"{last.template}: {last.message}"
    _keep(unit, slug, ThemeState.SUSPENDED, reason)
    plugin_records.set_changed(unit)
    unit.audit("theme.suspended", slug, after={"template": last.template, "reason": last.message})


def _count(unit: Unit, failure: Failure) -> None:
    statement = insert_into(unit.session, ThemeFault).values(
        slug=failure.slug,
        template=failure.template,
        digest=failure.digest,
        message=failure.message,
        traceback=failure.traceback,
        count=1,
        first_at=failure.at,
        last_at=failure.at,
    )
    unit.session.execute(
        statement.on_conflict_do_update(
            index_elements=["digest"],
            set_={"count": ThemeFault.count + 1, "last_at": failure.at},
        )
    )
