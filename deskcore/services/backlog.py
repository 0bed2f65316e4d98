"""Importing a mailbox's past: slowly, in order of arrival, going on where it was stopped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update

from deskcore.logs import get_logger
from deskcore.models import ChannelAccount
from deskcore.plugin.channel import RawItem, Refused, SignInFailed
from deskcore.services import channels, inbound
from deskcore.services.jobs import RunAgain, job
from deskcore.services.unit import reading, unit_of_work

log = get_logger(__name__)

BATCH_ITEMS = 50
BATCH_BYTES = 16 * 1024 * 1024
# One job imports this much, then lets others in; the import goes on in the next.
ITEMS_A_JOB = 500


@job("backlog.import")
def import_backlog(account_id: int) -> None:
    """Store the next part of an account's older items as history, then ask to be called again.

    Items are known again by their external ids, so a part that is repeated doubles nothing.
    """
    with reading() as session:
        account = session.get(ChannelAccount, account_id)
    if account is None or account.backlog_state != "running":
        return
    since = datetime.fromisoformat(account.backlog_cursor) if account.backlog_cursor else None
    channel = channels.build(account)
    state = "done"
    try:
        batch: list[RawItem] = []
        new = 0
        for item in channel.backlog(since):
            batch.append(item)
            if len(batch) >= BATCH_ITEMS or sum(len(one.content) for one in batch) >= BATCH_BYTES:
                new += _store(account_id, batch)
                batch = []
                if new >= ITEMS_A_JOB:
                    raise RunAgain
        if batch:
            _store(account_id, batch)
    except (SignInFailed, Refused) as error:
        log.warning("import of older mail ended", exc_info=error)
        state = "failed"  # the account itself says why
    finally:
        channel.close()
    _finish(account_id, state)


def _store(account_id: int, batch: list[RawItem]) -> int:
    """Store a batch and where to go on: the arrival of its last item."""
    stored = inbound.store(account_id, batch, is_history=True)
    with unit_of_work() as unit:
        unit.session.execute(
            update(ChannelAccount)
            .where(ChannelAccount.id == account_id)
            .values(
                backlog_cursor=batch[-1].received_at.isoformat(),
                backlog_count=ChannelAccount.backlog_count + len(stored.new_ids),
            )
        )
    return len(stored.new_ids)


def _finish(account_id: int, state: str) -> None:
    with unit_of_work() as unit:
        unit.session.execute(
            update(ChannelAccount)
            .where(ChannelAccount.id == account_id, ChannelAccount.backlog_state == "running")
            .values(backlog_state=state)
        )
