"""How long originals are kept: the mail as it was received, once its message is filed for good."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import String, cast, or_, select, update

from deskcore.domain.kinds import InboundState
from deskcore.models import ChannelAccount, InboundItem, Mailbox, Message
from deskcore.services.ticks import every
from deskcore.services.unit import unit_of_work

BATCH = 500
_SETTLED = (InboundState.FILED, InboundState.IGNORED, InboundState.DUPLICATE)
_NO_WARNINGS = "[]"


@every(timedelta(hours=6), "retention.forget_originals")
def forget_originals() -> None:
    """Let go of originals that are older than their mailbox keeps them; the sweep frees the disk.

    An original stays as long as it holds more than its message shows: while it waits for a
    person, and when its message carries a warning (a text that was cut, a part that could not be
    read).
    """
    while _forget_some():
        pass


def _forget_some() -> bool:
    with unit_of_work() as unit:
        kept = list(
            unit.session.execute(select(Mailbox.id, Mailbox.raw_days).where(Mailbox.raw_days > 0))
        )
        for mailbox_id, days in kept:
            of_mailbox = select(ChannelAccount.id).where(ChannelAccount.mailbox_id == mailbox_id)
            old = (
                select(InboundItem.id)
                .outerjoin(Message, Message.id == InboundItem.message_id)
                .where(
                    InboundItem.account_id.in_(of_mailbox),
                    InboundItem.state.in_(_SETTLED),
                    InboundItem.digest.is_not(None),
                    InboundItem.stored_at < unit.now - timedelta(days=days),
                    or_(Message.id.is_(None), cast(Message.warnings, String) == _NO_WARNINGS),
                )
                .limit(BATCH)
            )
            ids = list(unit.session.scalars(old))
            if ids:
                forget = update(InboundItem).where(InboundItem.id.in_(ids)).values(digest=None)
                unit.session.execute(forget)
                return True
    return False
