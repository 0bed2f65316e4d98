"""Telling all who wait: whom it would reach, the confirmed press, stopping it and going on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, insert, select, update
from sqlalchemy.orm import Session

from deskcore.api import LANGUAGES, N_, Actor, Invalid, NotFound, Problem, _, ngettext, now
from deskcore.api.data import Unit, reading, require, seen_by, today, unit_of_work
from plugins.stock_notes import waits
from plugins.stock_notes.places import TELL
from plugins.stock_notes.settings import problem_of
from plugins.stock_notes.tables import RUNS, WAITS

JOB = "stock_notes.tell"


@dataclass(frozen=True, kw_only=True)
class Audience:
    """Whom a telling reaches, by language; and who is left out: no rights, too late."""

    by_language: Mapping[str, int]
    unseen: int
    too_late: int

    @property
    def count(self) -> int:
        """How many are told."""
        return sum(self.by_language.values())


@dataclass(frozen=True, kw_only=True)
class Run:
    """A telling as it was confirmed, and how it goes."""

    id: int
    product: str
    texts: Mapping[str, str]
    total: int
    by_id: int
    by_name: str
    at: datetime
    state: str
    reason: str
    ended_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How many of a telling were told, could not be, did not want to be any more, and are left."""

    told: int
    failed: int
    dropped: int
    left: int


def audience(actor: Actor, key: str) -> Audience:
    """Count whom *actor* would tell that a product is back."""
    mine = WAITS.c.ticket_id.in_(seen_by(actor))
    in_time = waits.wants_it_still(today())
    open_ones = select(WAITS.c.language, mine.label("mine"), in_time.label("in_time"), func.count())
    with reading() as session:
        rows = session.execute(
            open_ones.where(WAITS.c.product == key, waits.is_open(), ~waits.has_refused()).group_by(
                WAITS.c.language, "mine", "in_time"
            )
        ).all()
    told: dict[str, int] = {}
    for language, is_mine, is_in_time, count in rows:
        if is_mine and is_in_time:
            told[language] = told.get(language, 0) + count
    return Audience(
        by_language={language: told[language] for language in LANGUAGES if language in told},
        unseen=sum(row[3] for row in rows if not row[1]),
        too_late=sum(row[3] for row in rows if row[1] and not row[2]),
    )


def confirm(actor: Actor, key: str, texts: Mapping[str, str], *, expected: int) -> int:
    """Begin to tell everybody who waits; returns the telling's id.

    Whoever is meant is written down now, so that nobody joins unseen. Raises Invalid when there are
    others than the *expected* number, when a text cannot be sent, or while another telling goes on.
    """
    require(actor, TELL)
    require(actor, "ticket.reply")
    reached = audience(actor, key)
    problems = [
        Problem(field=f"text_{language}", message=_(message))
        for language in reached.by_language
        if (message := problem_of(texts.get(language, "")))
    ]
    if problems:
        raise Invalid(problems)
    with unit_of_work(actor) as unit:
        _refuse_second(unit.session, key)
        run_id = _write(unit, key, texts)
        meant = (
            update(WAITS)
            .where(_is_meant(actor, key))
            .values(run_id=run_id, state="waiting", reason="")
            .returning(WAITS.c.id)
        )
        total = len(unit.session.execute(meant).all())
        if total != expected or not total:
            raise Invalid([Problem(field="", message=_others(total))])
        unit.session.execute(update(RUNS).where(RUNS.c.id == run_id).values(total=total))
        go_on(unit, run_id, 0)
        unit.audit(N_("told customers that something is back"), key, after={"customers": total})
    return run_id


def stop(actor: Actor, run_id: int) -> None:
    """End a telling where it is: whoever was not told goes on waiting."""
    require(actor, TELL)
    with unit_of_work(actor) as unit:
        _end(unit, run_id, "stopped", ("going",))
        unit.audit(N_("stopped telling customers"), one(run_id).product)


def stop_all(session: Session) -> None:
    """Stop every telling that is under way, as whoever deactivates the plugin wants."""
    going = update(RUNS).where(RUNS.c.state == "going")
    session.execute(going.values(state="stopped", ended_at=now()))


def resume(actor: Actor, run_id: int) -> None:
    """Go on with one that was stopped or held, from now on as *actor*."""
    require(actor, TELL)
    require(actor, "ticket.reply")
    with unit_of_work(actor) as unit:
        _refuse_second(unit.session, one(run_id).product, but=run_id)
        again = (
            update(RUNS)
            .where(RUNS.c.id == run_id, RUNS.c.state.in_(("stopped", "held")))
            .values(state="going", reason="", ended_at=None, by_id=actor.id, by_name=actor.name)
            .returning(RUNS.c.id)
        )
        if unit.session.execute(again).one_or_none() is None:
            return
        failed = and_(WAITS.c.run_id == run_id, WAITS.c.state == "failed")
        unit.session.execute(update(WAITS).where(failed).values(state="waiting", reason=""))
        go_on(unit, run_id, progress(run_id).told)
        unit.audit(N_("went on telling customers"), one(run_id).product)


def hold(run_id: int, reason: str) -> None:
    """Let a telling wait for somebody, with the reason."""
    with unit_of_work() as unit:
        _end(unit, run_id, "held", ("going",), reason=reason)


def go_on(unit: Unit, run_id: int, done: int) -> None:
    """Ask for the next few; one at a time, whatever was asked for twice."""
    key = f"{JOB} {run_id} {done} {unit.now.timestamp():.3f}"
    unit.enqueue(JOB, {"run_id": run_id}, unique_key=key, order_key=f"{JOB} {run_id}")


def finish(unit: Unit, run_id: int) -> None:
    """Note that nobody is left to be told."""
    _end(unit, run_id, "done", ("going",))


def one(run_id: int) -> Run:
    """Return a telling; raises NotFound."""
    with reading() as session:
        row = session.execute(select(RUNS).where(RUNS.c.id == run_id)).one_or_none()
    if row is None:
        raise NotFound(_("There is no such telling."))
    return Run(**row._mapping)  # noqa: SLF001  SQLAlchemy's public name


def progress(run_id: int) -> Progress:
    """Count how far a telling is."""
    with reading() as session:
        rows = session.execute(
            select(WAITS.c.state, func.count())
            .where(WAITS.c.run_id == run_id)
            .group_by(WAITS.c.state)
        )
        counts = {row[0]: row[1] for row in rows}
    return Progress(
        told=counts.get("told", 0),
        failed=counts.get("failed", 0),
        dropped=counts.get("refused", 0) + counts.get("withdrawn", 0),
        left=counts.get("waiting", 0),
    )


def _is_meant(actor: Actor, key: str) -> ColumnElement[bool]:
    return and_(
        WAITS.c.product == key,
        waits.is_open(),
        waits.wants_it_still(today()),
        ~waits.has_refused(),
        WAITS.c.ticket_id.in_(seen_by(actor)),
    )


def _write(unit: Unit, key: str, texts: Mapping[str, str]) -> int:
    values = {
        "product": key,
        "texts": {
            language: texts.get(language, "").replace("\r\n", "\n") for language in LANGUAGES
        },
        "total": 0,
        "by_id": unit.actor.id,
        "by_name": unit.actor.name,
        "at": unit.now,
        "state": "going",
        "reason": "",
    }
    run_id: int = unit.session.execute(
        insert(RUNS).values(values).returning(RUNS.c.id)
    ).scalar_one()
    return run_id


def _end(unit: Unit, run_id: int, state: str, before: tuple[str, ...], *, reason: str = "") -> None:
    ended = update(RUNS).where(RUNS.c.id == run_id, RUNS.c.state.in_(before))
    unit.session.execute(ended.values(state=state, reason=reason[:500], ended_at=unit.now))


def _refuse_second(session: Session, key: str, *, but: int = 0) -> None:
    going = select(RUNS.c.id).where(
        RUNS.c.product == key, RUNS.c.state == "going", RUNS.c.id != but
    )
    if session.execute(going).first() is not None:
        message = _("They are being told already; look at how far it is. Nothing was sent twice.")
        raise Invalid([Problem(field="", message=message)])


def _others(count: int) -> str:
    if not count:
        return _("Nobody waits any more. Nothing was sent.")
    return ngettext(
        "Meanwhile %(num)s customer waits. Nothing was sent; look again and confirm.",
        "Meanwhile %(num)s customers wait. Nothing was sent; look again and confirm.",
        count,
    )
