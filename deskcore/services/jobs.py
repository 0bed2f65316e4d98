"""Background work: claimed by one statement, leased, retried with growing delay, given up visibly.

The ``job`` table is the truth. A handler may run again after a crash, so it must be harmless to
repeat; it is called with the job's arguments by name, outside any transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from deskcore import clock
from deskcore.db import UTCDateTime
from deskcore.domain.kinds import DeliveryState, JobState
from deskcore.domain.people import Actor
from deskcore.errors import DeskError, NotFound
from deskcore.logs import describe_error, get_logger, log_context
from deskcore.models import Delivery, Job
from deskcore.plugin.channel import ChannelFailure, TryLater
from deskcore.plugin.rooms import NoRoom
from deskcore.services import access, plugin_jobs
from deskcore.services.leases import LEASE, database_now
from deskcore.services.prepared import direct, light
from deskcore.services.unit import Unit, reading, unit_of_work

log = get_logger(__name__)

# How long a job that failed waits before its second, third … try; the last one repeats.
DELAYS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600))
_LONGEST_ERROR = 500
_SOON = timedelta(minutes=1)
_RUSH, _NO_ROOM = timedelta(seconds=2), timedelta(seconds=30)


class Handler(Protocol):
    """Does the work of one kind of job; the keywords are what was enqueued."""

    def __call__(self, **args: object) -> None: ...  # noqa: D102  the class says it


H = TypeVar("H", bound=Callable[..., None])
_handlers: dict[str, Callable[..., None]] = {}
# What this process works on. A job whose end it could not write down is no longer among it, so its
# lease runs out and it is run again.
_at_work: set[int] = set()


class RunAgain(Exception):
    """Raised by a handler that did a part of its work: call it again, this was not a failure."""

    def __init__(self, *, after: timedelta = timedelta(0)) -> None:
        super().__init__("more to do")
        self.after = after


@dataclass(frozen=True, kw_only=True)
class Claimed:
    """A job that is ours until its lease ends; ``tries`` counts this one."""

    id: int
    name: str
    args: Mapping[str, object]
    tries: int
    max_tries: int
    owner: str


@dataclass(frozen=True, kw_only=True)
class FailedJob:
    """A job that was given up and waits for a person."""

    id: int
    name: str
    error: str
    tries: int
    created_at: datetime


def job(name: str) -> Callable[[H], H]:
    """Make a function the handler of the jobs called *name*; names are unique in a process."""

    def register(handler: H) -> H:
        register_handler(name, handler)
        return handler

    return register


def register_handler(name: str, handler: Callable[..., None]) -> None:
    """Make *handler* run the jobs called *name*; the same function again is welcome."""
    known = _handlers.setdefault(name, handler)
    if known is not handler and known.__qualname__ != handler.__qualname__:
        message = f"two handlers for jobs called {name}"
        raise ValueError(message)
    _handlers[name] = handler


def has_due() -> bool:
    """Whether some job could be claimed now."""
    with reading() as session:
        moment = _Moment.of(session)
        return bool(light(session, _ANY_DUE, vars(moment)))


def claim(owner: str) -> Claimed | None:
    """Take the job that has been due for longest; None when there is none.

    A job with an ``order_key`` is due only when no earlier one with that key is unfinished.
    """
    if not has_due():  # a reader waits for nobody, a writer might
        return None
    with unit_of_work() as unit:
        session = unit.session
        moment = _Moment.of(session)
        lease = {"owner": owner, "until": moment.of_leases + LEASE}
        found = direct(session, _CLAIM, vars(moment) | lease).one_or_none()
    if found is None:
        return None
    _at_work.add(found.id)
    return Claimed(
        id=found.id,
        name=found.name,
        args=found.args,
        tries=found.tries,
        max_tries=found.max_tries,
        owner=owner,
    )


def run_next(owner: str, on_claimed: Callable[[], None] | None = None) -> bool:
    """Claim and run one job; False when none was due. *on_claimed* is called between the two."""
    claimed = claim(owner)
    if claimed is None:
        return False
    if on_claimed is not None:
        on_claimed()
    run(claimed)
    return True


def run(claimed: Claimed) -> None:
    """Run a claimed job's handler and settle the row; whatever the handler raises ends here."""
    try:
        with log_context(job=claimed.id, job_name=claimed.name):
            _run(claimed)
    finally:
        _at_work.discard(claimed.id)


def _run(claimed: Claimed) -> None:
    if claimed.tries > claimed.max_tries:
        _settle(claimed, state=JobState.FAILED, error="The worker died of this more than once.")
        log.error("job given up after deaths of the worker")
        return
    handler = _handlers.get(claimed.name) or plugin_jobs.handler_of(claimed.name)
    if handler is None:
        _put_off(claimed)
        return
    try:
        handler(**claimed.args)
    except RunAgain as again:
        _settle(claimed, run_in=again.after, tries=0)
    except NoRoom as full:
        hangs = str(full) in plugin_jobs.stuck()
        put_off = _NO_ROOM if hangs else _RUSH
        _settle(claimed, run_in=put_off, error="Its plugin is busy.", tries=0)
    except Exception as error:
        _retry(claimed, error, _words(error))
    else:
        _finish(claimed)


def _put_off(claimed: Claimed) -> None:
    """Keep work that nothing here can do: for its plugin if it has one, else until it is given up."""
    if plugin_jobs.waits_for_plugin(claimed.name):
        _settle(claimed, run_in=plugin_jobs.LOOK_AGAIN, error="Waits for its plugin.", tries=0)
    else:
        _retry(claimed, LookupError(claimed.name), "Nothing here knows how to do this job.")


def renew(owner: str) -> None:
    """Extend the leases of everything *owner* holds and this process works on."""
    with reading() as session:
        held = session.scalar(select(Job.id).where(_held(owner)).limit(1))
    if held is None:
        return
    with unit_of_work() as unit:
        moment = database_now(unit.session)
        unit.session.execute(
            update(Job)
            .where(_held(owner), Job.id.in_(list(_at_work)))
            .values(lease_until=moment + LEASE)
        )


def failed(actor: Actor, limit: int = 100) -> Sequence[FailedJob]:
    """List the jobs that were given up, newest first."""
    with reading() as session:
        access.require(actor, "desk.manage", session)
        statement = (
            select(Job).where(Job.state == JobState.FAILED).order_by(Job.id.desc()).limit(limit)
        )
        return [
            FailedJob(
                id=row.id,
                name=row.name,
                error=row.error,
                tries=row.tries,
                created_at=row.created_at,
            )
            for row in session.scalars(statement)
        ]


def retry(actor: Actor, job_id: int) -> None:
    """Give a job that was given up all its tries again."""
    with unit_of_work(actor) as unit:
        access.require(actor, "desk.manage", unit.session)
        row = unit.session.get(Job, job_id)
        if row is None or row.state != JobState.FAILED:
            raise NotFound("This job is not waiting for anybody.")
        row.state, row.tries, row.run_at = JobState.READY, 0, unit.now
        unit.wake()


def bring_forward(unit: Unit) -> None:
    """Let what waits be due within a minute: a clock that went ahead has put it off for longer."""
    soon, lease_end = unit.now + _SOON, database_now(unit.session) + LEASE
    for row, state in ((Job, JobState.READY), (Delivery, DeliveryState.QUEUED)):
        put_off = update(row).where(row.state == state, row.run_at > soon).values(run_at=soon)
        unit.session.execute(put_off)
    unit.session.execute(
        update(Job)
        .where(Job.state == JobState.RUNNING, Job.lease_until > lease_end)
        .values(lease_until=lease_end)
    )


@dataclass(frozen=True, kw_only=True)
class _Moment:
    """Now, by the clock that times of work were set by, and by the one leases are counted by."""

    of_work: datetime
    of_leases: datetime

    @classmethod
    def of(cls, session: Session) -> _Moment:
        return cls(of_work=clock.now(), of_leases=database_now(session))


def _is_claimable(row: type[Job]) -> ColumnElement[bool]:
    of_work, of_leases = (bindparam(name, type_=UTCDateTime()) for name in ("of_work", "of_leases"))
    return and_(
        row.run_at <= of_work,
        or_(
            row.state == JobState.READY,
            and_(row.state == JobState.RUNNING, row.lease_until < of_leases),
        ),
    )


def _due() -> Select[int]:
    """Select the one job that is due: of those whose turn it is, the longest waiting."""
    candidate, earlier = aliased(Job), aliased(Job)
    waits = exists().where(
        earlier.order_key == candidate.order_key,
        earlier.id < candidate.id,
        earlier.state != JobState.FAILED,
    )
    return (
        select(candidate.id)
        .where(_is_claimable(candidate), or_(candidate.order_key.is_(None), ~waits))
        .order_by(candidate.run_at, candidate.id)
        .limit(1)
    )


# Made once: a worker asks them all the time.
_ANY_DUE = _due()
_CLAIM = (
    update(Job)
    .where(
        # SQLite has one writer anyway.
        Job.id == _due().with_for_update(skip_locked=True).scalar_subquery(),
        _is_claimable(Job),
    )
    .values(
        state=JobState.RUNNING,
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        tries=Job.tries + 1,
    )
    .returning(Job.id, Job.name, Job.args, Job.tries, Job.max_tries)
)


def _held(owner: str) -> ColumnElement[bool]:
    return and_(Job.lease_owner == owner, Job.state == JobState.RUNNING)


def _still_ours(claimed: Claimed) -> ColumnElement[bool]:
    """Guard against a holder that slept through its lease: the row may be another's by now."""
    return and_(Job.id == claimed.id, _held(claimed.owner), Job.tries == claimed.tries)


def _finish(claimed: Claimed) -> None:
    with unit_of_work() as unit:
        unit.session.execute(delete(Job).where(_still_ours(claimed)))
        unit.wake()  # the next job of the same order key may be due now


def _retry(claimed: Claimed, error: Exception, words: str) -> None:
    if claimed.tries >= claimed.max_tries:
        _settle(claimed, state=JobState.FAILED, error=words)
        log.error("job given up", exc_info=error, tries=claimed.tries)
        return
    delay = DELAYS[min(claimed.tries, len(DELAYS)) - 1]
    if isinstance(error, TryLater) and error.after is not None:
        delay = max(delay, error.after)
    _settle(claimed, run_in=delay, error=words)
    log.warning("job failed, will be tried again", exc_info=error, tries=claimed.tries)


def _settle(
    claimed: Claimed,
    *,
    state: JobState = JobState.READY,
    run_in: timedelta = timedelta(0),
    error: str = "",
    tries: int | None = None,
) -> None:
    with unit_of_work() as unit:
        unit.session.execute(
            update(Job)
            .where(_still_ours(claimed))
            .values(
                state=state,
                run_at=unit.now + run_in,
                error=error[:_LONGEST_ERROR],
                tries=claimed.tries if tries is None else tries,
                lease_until=None,
            )
        )
        unit.wake()


def _words(error: Exception) -> str:
    """Say what went wrong without quoting a mail: only errors made for people speak."""
    if isinstance(error, (DeskError, ChannelFailure)):
        return str(error)
    return describe_error(error)
