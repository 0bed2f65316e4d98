"""Work that comes round by the clock: one job per turn, however many workers there are."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import select, update

from deskcore import clock
from deskcore.models import DeskSetting
from deskcore.services import jobs, plugin_jobs
from deskcore.services.jobs import job
from deskcore.services.unit import Unit, reading, unit_of_work

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
KEY = "tick."
# Machines of one desk differ by minutes; a turn taken further ahead was taken by a wrong clock.
_ASTRAY = timedelta(minutes=15)

H = TypeVar("H", bound=Callable[..., None])
_periods: dict[str, timedelta] = {}


def every(period: timedelta, name: str) -> Callable[[H], H]:
    """Make a function without arguments a job that runs once per *period* (at least 1 s).

    Turns are counted from 1970, not from the start of a process. A turn that nobody was there to
    take is not made up for.
    """

    def register(handler: H) -> H:
        _periods[name] = period
        return job(name)(handler)

    return register


def enqueue_due() -> None:
    """Enqueue what has come round since any worker last looked."""
    moment, periods = clock.now(), _periods | plugin_jobs.periods()
    turns = {name: _turn(moment, period) for name, period in periods.items()}
    with reading() as session:
        keys = [KEY + name for name in turns]
        rows = session.execute(
            select(DeskSetting.key, DeskSetting.value).where(DeskSetting.key.in_(keys))
        )
        taken = {row.key: _taken(row.value) for row in rows}
    if any(
        _EPOCH + taken.get(KEY + name, -1) * period > moment + _ASTRAY
        for name, period in periods.items()
    ):
        _begin_anew(keys)
        taken = {}
    late = {name: turn for name, turn in turns.items() if taken.get(KEY + name, -1) < turn}
    if not late:
        return
    with unit_of_work() as unit:
        for name, turn in late.items():
            _take(unit, name, turn, _EPOCH + turn * periods[name])


def _begin_anew(keys: list[str]) -> None:
    """Let nothing wait for a time that a clock which has been set back was at."""
    with unit_of_work() as unit:
        unit.session.execute(update(DeskSetting).where(DeskSetting.key.in_(keys)).values(value="0"))
        jobs.bring_forward(unit)


def _take(unit: Unit, name: str, turn: int, at: datetime) -> None:
    """Enqueue one turn, unless another worker has just done so."""
    row = unit.session.scalars(
        select(DeskSetting).where(DeskSetting.key == KEY + name).with_for_update()
    ).one_or_none()
    if row is None:
        row = DeskSetting(key=KEY + name, value="0")
        unit.session.add(row)
    elif _taken(row.value) >= turn:
        return
    row.value = json.dumps(turn)
    unit.enqueue(name, unique_key=f"{name}@{at.isoformat()}", max_tries=3)


def _turn(moment: datetime, period: timedelta) -> int:
    return (moment - _EPOCH) // period


def _taken(value: str | None) -> int:
    return int(value) if value and value.isdigit() else -1
