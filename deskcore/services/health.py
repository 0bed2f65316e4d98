"""Whether the desk is well: what ``/readyz``, ``desk doctor`` and the admin's page are told."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from deskcore import clock
from deskcore.domain.kinds import AccountState, JobState
from deskcore.extensions import config
from deskcore.i18n import _
from deskcore.models import ChannelAccount, DeskSetting, Job, Mailbox
from deskcore.plugin.channel import HealthCheck
from deskcore.services import delivery, plugin_health
from deskcore.services.ticks import every
from deskcore.services.unit import is_reachable, reading, unit_of_work

_SEEN_KEY = "worker_seen_at"
SEEN_EVERY = timedelta(seconds=30)
SILENT_FOR = timedelta(minutes=2)
LATE_BY = timedelta(minutes=5)
_LEAST_ROOM = 64 * 1024 * 1024


@every(SEEN_EVERY, "worker.seen")
def note_worker() -> None:
    """Write down that jobs are being run."""
    with unit_of_work() as unit:
        row = unit.session.get(DeskSetting, _SEEN_KEY) or DeskSetting(key=_SEEN_KEY)
        row.value = unit.now.isoformat()
        unit.session.add(row)


def readiness() -> Sequence[HealthCheck]:
    """Say whether pages can be served now; cheap enough to ask every second."""
    return (_database(), _files())


def checks() -> Sequence[HealthCheck]:
    """Say how everything is that people would notice; stops at a database that is away."""
    first = readiness()
    if not all(check.ok for check in first):
        return first
    return (
        *first,
        _disk(),
        _worker(),
        _queue(),
        _given_up(),
        *_accounts(),
        *plugin_health.checks(),
    )


def is_disk_full() -> bool:
    """Whether there is no room to store anything: asked for every page, so it must be cheap."""
    room = shutil.disk_usage(config().instance)
    return room.free < min(_LEAST_ROOM, room.total // 20)


def _disk() -> HealthCheck:
    is_full = is_disk_full()
    return HealthCheck(
        name="disk",
        ok=not is_full,
        message=_("The disk is full.") if is_full else _("There is room on the disk."),
        cure=_("Free some space; the desk goes on by itself.") if is_full else "",
    )


def _database() -> HealthCheck:
    try:
        is_reachable()
    except SQLAlchemyError:
        return HealthCheck(
            name="database",
            ok=False,
            message=_("The database does not answer."),
            cure=_("Start it; the desk goes on by itself."),
        )
    return HealthCheck(name="database", ok=True, message=_("The database answers."))


def _files() -> HealthCheck:
    folder = config().files
    is_writable = os.access(folder, os.W_OK | os.X_OK)
    return HealthCheck(
        name="files",
        ok=is_writable,
        message=_("Files can be stored.")
        if is_writable
        else _("%(folder)s cannot be written to.", folder=folder),
        cure="" if is_writable else _("Give the folder to the user the desk runs as."),
    )


def _worker() -> HealthCheck:
    with reading() as session:
        seen = session.scalar(select(DeskSetting.value).where(DeskSetting.key == _SEEN_KEY))
    is_alive = seen is not None and clock.now() - datetime.fromisoformat(seen) < SILENT_FOR
    return HealthCheck(
        name="worker",
        ok=is_alive,
        message=_("A worker is at work.") if is_alive else _("No worker has been seen lately."),
        cure="" if is_alive else _("Mail waits until 'desk run' or 'desk worker' is started."),
    )


def _queue() -> HealthCheck:
    with reading() as session:
        oldest = session.scalar(
            select(Job.run_at).where(Job.state == JobState.READY).order_by(Job.run_at).limit(1)
        )
    late = clock.now() - oldest if oldest else timedelta(0)
    minutes = int(late.total_seconds() // 60)
    return HealthCheck(
        name="queue",
        ok=late < LATE_BY,
        message=_("The oldest work has waited %(minutes)d min.", minutes=minutes)
        if late > LATE_BY
        else _("Work starts in time."),
    )


def _given_up() -> HealthCheck:
    with reading() as session:
        found = session.scalar(select(Job.id).where(Job.state == JobState.FAILED).limit(1))
    return HealthCheck(
        name="jobs",
        ok=found is None,
        message=_("No work was given up.") if found is None else _("Some work was given up."),
    )


def _accounts() -> list[HealthCheck]:
    blocked = delivery.blocked().subquery()
    statement = (
        select(ChannelAccount.name, ChannelAccount.state, ChannelAccount.problem, blocked.c.detail)
        .join(Mailbox, Mailbox.id == ChannelAccount.mailbox_id)
        .outerjoin(blocked, blocked.c.account_id == ChannelAccount.id)
        .where(ChannelAccount.state != AccountState.OFF, Mailbox.is_sample.is_(False))
        .order_by(ChannelAccount.id)
        .limit(100)
    )
    with reading() as session:
        return [
            HealthCheck(
                name=f"mailbox {row.name}",
                ok=row.state == AccountState.ACTIVE and not (row.problem or row.detail),
                message=row.problem
                or row.detail
                or _("The mailbox %(name)s works.", name=row.name),
            )
            for row in session.execute(statement)
        ]
