"""The working state of channel accounts: who fetches, whether it goes well, what to do if not.

One fetcher per account, by a lease. Every lease has a higher fencing number than the one before,
so a fetcher that slept through its own cannot write any more.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select, update

from deskcore.domain.events import ChannelPaused
from deskcore.domain.kinds import AccountState
from deskcore.domain.people import Actor
from deskcore.models import ChannelAccount, Mailbox
from deskcore.services import access
from deskcore.services.leases import LEASE, database_now
from deskcore.services.unit import reading, unit_of_work

FAILURES_BEFORE_TELLING = 3


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """An account that should be served; a change of its settings raises ``generation``."""

    id: int
    generation: int
    channel: str
    is_free: bool


def wanted(owner: str = "") -> list[Wanted]:
    """List the accounts that are at work; those of sample data never are.

    Free are those that *owner* may take or has already.
    """
    statement = (
        select(
            ChannelAccount.id,
            ChannelAccount.generation,
            ChannelAccount.channel,
            ChannelAccount.lease_owner,
            ChannelAccount.lease_until,
        )
        .join(Mailbox, Mailbox.id == ChannelAccount.mailbox_id)
        .where(
            ChannelAccount.state == AccountState.ACTIVE,
            Mailbox.is_sample.is_(False),
            Mailbox.archived_at.is_(None),
        )
        .order_by(ChannelAccount.id)
    )
    with reading() as session:
        rows = session.execute(statement).all()
        moment = database_now(session) if rows else None
    return [
        Wanted(
            id=row.id,
            generation=row.generation,
            channel=row.channel,
            is_free=row.lease_owner == owner
            or row.lease_until is None
            or (moment is not None and row.lease_until < moment),
        )
        for row in rows
    ]


def cursor_of(account_id: int) -> str | None:
    """Return the place up to which an account's items are stored."""
    with reading() as session:
        statement = select(ChannelAccount.cursor).where(ChannelAccount.id == account_id)
        return session.scalar(statement)


def claim_lease(account_id: int, owner: str) -> int | None:
    """Become the fetcher of an account; returns the fencing number, None while another is."""
    with unit_of_work() as unit:
        moment = database_now(unit.session)
        return unit.session.execute(
            update(ChannelAccount)
            .where(
                ChannelAccount.id == account_id,
                or_(
                    ChannelAccount.lease_until.is_(None),
                    ChannelAccount.lease_until < moment,
                    ChannelAccount.lease_owner == owner,
                ),
            )
            .values(lease_owner=owner, lease_until=moment + LEASE, fence=ChannelAccount.fence + 1)
            .returning(ChannelAccount.fence)
        ).scalar_one_or_none()


def renew_leases(owner: str) -> None:
    """Extend every lease that *owner* still has; one that ended is not taken back."""
    with reading() as session:
        held = select(ChannelAccount.id).where(
            ChannelAccount.lease_owner == owner, ChannelAccount.lease_until.is_not(None)
        )
        if session.scalar(held.limit(1)) is None:
            return
    with unit_of_work() as unit:
        moment = database_now(unit.session)
        unit.session.execute(
            update(ChannelAccount)
            .where(ChannelAccount.lease_owner == owner, ChannelAccount.lease_until >= moment)
            .values(lease_until=moment + LEASE)
        )


def release_lease(account_id: int, owner: str, fence: int) -> None:
    """Stop being the fetcher, so that another may begin at once."""
    with unit_of_work() as unit:
        unit.session.execute(
            update(ChannelAccount)
            .where(_held(account_id, fence), ChannelAccount.lease_owner == owner)
            .values(lease_until=None)
        )


def note_success(account_id: int, fence: int, problem: str = "") -> None:
    """Write down that the account was looked at and is well, but for a *problem* it works with."""
    with unit_of_work() as unit:
        unit.session.execute(
            update(ChannelAccount)
            .where(_held(account_id, fence))
            .values(last_checked_at=unit.now, failures=0, problem=problem)
        )


def note_failure(
    account_id: int, fence: int, problem: str, *, tell_at: int = FAILURES_BEFORE_TELLING
) -> int:
    """Count a failure that may pass by itself; returns how many there were in a row.

    A single one is nothing to tell people; from the *tell_at*-th on the account shows its problem.
    """
    with unit_of_work() as unit:
        account = unit.session.scalars(
            select(ChannelAccount).where(_held(account_id, fence)).with_for_update()
        ).one_or_none()
        if account is None:
            return 1
        account.failures += 1
        account.last_checked_at = unit.now
        if account.failures >= tell_at:
            account.problem = problem
        return account.failures


def pause(account_id: int, problem: str, *, fence: int | None = None) -> None:
    """Stop serving an account that cannot sign in, and tell admins: once, until it is mended.

    With a *fence*, only if it is still the current one.
    """
    is_current = [ChannelAccount.fence == fence] if fence is not None else []
    with unit_of_work() as unit:
        account = unit.session.scalars(
            select(ChannelAccount)
            .where(ChannelAccount.id == account_id, *is_current)
            .with_for_update()
        ).one_or_none()
        if account is None or account.state != AccountState.ACTIVE:
            return
        account.state = AccountState.SIGN_IN_FAILED
        account.problem = problem
        account.failures += 1
        account.last_checked_at = unit.now
        unit.record(
            ChannelPaused(account_id=account.id, mailbox_id=account.mailbox_id, detail=problem)
        )


def start_backlog(actor: Actor, account_id: int) -> None:
    """Import the account's older mail as solved history, in the background."""
    with unit_of_work(actor) as unit:
        access.require(actor, "mailbox.manage", unit.session)
        unit.session.execute(
            update(ChannelAccount)
            .where(ChannelAccount.id == account_id, ChannelAccount.backlog_state != "running")
            .values(backlog_state="running")
        )
        unit.enqueue(
            "backlog.import",
            {"account_id": account_id},
            unique_key=f"backlog:{account_id}",
            max_tries=100,
        )
        unit.audit("mailbox.backlog_started", str(account_id))


def _held(account_id: int, fence: int) -> ColumnElement[bool]:
    return and_(ChannelAccount.id == account_id, ChannelAccount.fence == fence)
