"""After a restore: what the old desk may have done since must not be done a second time."""

from __future__ import annotations

from sqlalchemy import delete, select, update

from deskcore.domain.kinds import DeliveryState, JobState
from deskcore.i18n import N_
from deskcore.models import ChannelAccount, Delivery, Job, OneTimeToken, UserSession
from deskcore.services import delivery, files
from deskcore.services.unit import unit_of_work

PERHAPS = N_(
    "The desk was restored from a backup; this may have been sent after the backup was made."
)
_WAITING = select(Delivery).where(Delivery.state.in_((DeliveryState.QUEUED, DeliveryState.SENDING)))


def settle(moment: str, *, is_moved: bool) -> int:
    """Make a restored database safe to work with; returns how many answers are now in doubt.

    Everybody is signed out and links that were unused at the time are void: both may have ended
    since. Answers that waited become "perhaps sent" unless the desk *is_moved*: then the old one
    was stopped before the backup and has sent nothing since.
    """
    with unit_of_work() as unit:
        unit.session.execute(delete(UserSession))
        unit.session.execute(delete(OneTimeToken))
        unit.session.execute(
            update(Job)
            .where(Job.state == JobState.RUNNING)
            .values(state=JobState.READY, lease_until=None)
        )
        unit.session.execute(update(ChannelAccount).values(lease_until=None))
        waiting = [] if is_moved else list(unit.session.scalars(_WAITING))
        for row in waiting:
            delivery.unsure(unit, row, PERHAPS)
        unit.audit("desk.restored", moment, after={"in_doubt": len(waiting)})
    files.pause_sweep(None)  # the backup that paused it is over
    return len(waiting)
