"""Reading mailboxes with their teams and connections, each kind of row in one statement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.domain.kinds import AccountState, InboundState
from deskcore.domain.mailboxes import ConnectionView, Health, MailboxView
from deskcore.models import ChannelAccount, InboundItem, Mailbox, MailboxTeam, Team
from deskcore.plugin.active import plugins
from deskcore.plugin.channel import Channel, Polled, Pushed
from deskcore.services import channels, delivery

_TOLD_FOR = timedelta(days=7)


def views(session: Session) -> list[MailboxView]:
    """Return every mailbox that is not archived, by name."""
    rows = session.scalars(
        select(Mailbox).where(Mailbox.archived_at.is_(None)).order_by(Mailbox.name)
    ).all()
    return _views(session, rows)


def view_of(session: Session, row: Mailbox) -> MailboxView:
    """Return one mailbox."""
    return _views(session, [row])[0]


def _views(session: Session, rows: Sequence[Mailbox]) -> list[MailboxView]:
    ids = [row.id for row in rows]
    teams: dict[int, dict[int, str]] = defaultdict(dict)
    statement = (
        select(MailboxTeam.mailbox_id, Team.id, Team.name)
        .join(Team, Team.id == MailboxTeam.team_id)
        .where(MailboxTeam.mailbox_id.in_(ids))
        .order_by(Team.name)
    )
    for mailbox_id, team_id, name in session.execute(statement):
        teams[mailbox_id][team_id] = name
    blocked = {row.account_id: row.detail for row in session.execute(delivery.blocked())}
    accounts: dict[int, list[ChannelAccount]] = defaultdict(list)
    for account in session.scalars(
        select(ChannelAccount).where(ChannelAccount.mailbox_id.in_(ids)).order_by(ChannelAccount.id)
    ):
        accounts[account.mailbox_id].append(account)
    renumbered = _renumbered(session)
    return [
        MailboxView(
            id=row.id,
            name=row.name,
            signature=row.signature,
            sends_acknowledgement=row.sends_acknowledgement,
            acknowledgement_subject=row.acknowledgement_subject,
            acknowledgement_text=row.acknowledgement_text,
            undo_seconds=row.undo_seconds,
            raw_days=row.raw_days,
            is_sample=row.is_sample,
            team_ids=frozenset(teams[row.id]),
            team_names=tuple(teams[row.id].values()),
            connections=tuple(
                _connection(
                    account,
                    row,
                    account.problem or blocked.get(account.id, ""),
                    renumbered.get(account.id),
                )
                for account in accounts[row.id]
            ),
        )
        for row in rows
    ]


def _renumbered(session: Session) -> dict[int, datetime]:
    """Return when accounts' servers last gave mails that are stored other numbers, if lately."""
    statement = (
        select(InboundItem.account_id, func.max(InboundItem.stored_at).label("at"))
        .where(
            InboundItem.state == InboundState.DUPLICATE,
            InboundItem.stored_at > clock.now() - _TOLD_FOR,
            InboundItem.meta["renumbered"].as_string() == "1",
        )
        .group_by(InboundItem.account_id)
    )
    return {row.account_id: row.at for row in session.execute(statement)}


def _connection(
    account: ChannelAccount, row: Mailbox, problem: str, renumbered_at: datetime | None
) -> ConnectionView:
    owned = plugins().registry.channels.get(account.channel)
    kind = owned.item if owned else None
    hook_path = _hook_path(account, kind)
    return ConnectionView(
        id=account.id,
        channel=account.channel,
        channel_label=str(kind.label) if kind else account.channel,
        address=account.address,
        health="sample"
        if row.is_sample
        else _health(account, problem, is_available=kind is not None, is_told=bool(hook_path)),
        problem=problem,
        last_received_at=account.last_received_at,
        last_checked_at=account.last_checked_at,
        connected_at=account.connected_at,
        backlog_state=account.backlog_state,
        backlog_count=account.backlog_count,
        renumbered_at=renumbered_at,
        is_mail=channels.is_mail(account),
        has_backlog=_has_backlog(kind),
        hook_path=hook_path,
        refused_count=account.refused_count,
        refused_at=account.refused_at,
    )


def _hook_path(account: ChannelAccount, kind: type[Channel] | None) -> str:
    """Return the address that somebody has to enter at the network, "" when nobody has to."""
    if kind is None or not issubclass(kind, Pushed) or kind.registers:
        return ""
    return channels.hook_path(account, kind)


def _has_backlog(kind: type[Channel] | None) -> bool:
    """Whether a channel can be asked for what was there before."""
    return kind is not None and issubclass(kind, Polled) and kind.backlog is not Polled.backlog


def _health(account: ChannelAccount, problem: str, *, is_available: bool, is_told: bool) -> Health:
    if not is_available:
        return "unavailable"
    if account.state == AccountState.OFF:
        return "off"
    if account.state == AccountState.SIGN_IN_FAILED:
        return "sign_in_failed"
    if problem:
        return "failing"
    if is_told:
        return "working" if account.last_received_at else "waiting"
    # One failure is nothing to tell yet, but "works" would be a claim before the first success.
    has_worked = account.last_received_at is not None or account.failures == 0
    return "working" if account.last_checked_at and has_worked else "new"
