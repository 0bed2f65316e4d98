"""After a fault: the desk works with nothing going wrong, until everything is where it will stay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from deskcore.clock import now
from deskcore.domain.kinds import DeliveryState, JobState
from deskcore.models import Job
from deskcore.services.unit import reading
from tests.faults import oracle
from tests.faults.stage import Place, Stage, account, delivery

SETTLED = {DeliveryState.SENT, DeliveryState.UNSURE, DeliveryState.FAILED}
_WORK = ("inbound.file", "delivery.send")


def all_in(stage: Stage, timeout_s: float = 120.0) -> None:
    """Start the desk and let it work until every mail is in front of somebody; then stop it."""
    for place in stage.places:
        place.server.troubles.end()
    since = now()
    desk = stage.start()
    looked_again(stage, since=since, timeout_s=timeout_s)
    desk.stop()


def looked_again(
    stage: Stage,
    places: Sequence[Place] | None = None,
    *,
    since: datetime | None = None,
    timeout_s: float = 120.0,
) -> None:
    """Wait until the desk has looked at every mailbox once more and has filed what it found.

    Without the second look, a mail that comes in twice would not have come in twice yet.
    """
    begin, looked_at = since or now(), stage.places if places is None else places
    if since is None:
        for place in looked_at:
            stage.questions(place, 1)  # news, or the next look would be a minute away
    stage.until(lambda: not any(map(oracle.missing, looked_at)), "every mail is in", timeout_s)
    stage.until(
        lambda: all((account(place).last_checked_at or begin) > begin for place in looked_at),
        "every mailbox was looked at again",
        timeout_s,
    )
    stage.until(lambda: not _work_left(), "no work is left", timeout_s)


def settle(stage: Stage) -> None:
    """Start the desk and let it work until no answer is on its way any more; then stop it."""
    stage.sink.troubles.end()
    stage.make_due()
    desk = stage.start()
    stage.until(lambda: {delivery(each).state for each in stage.pressed} <= SETTLED, "all settle")
    stage.until(lambda: not _work_left(), "no work is left")
    desk.stop()


def _work_left() -> bool:
    with reading() as session:
        waiting = select(func.count(Job.id)).where(
            Job.name.in_(_WORK), Job.state != JobState.FAILED
        )
        return bool(session.scalar(waiting))
