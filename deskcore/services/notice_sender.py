"""Which account the desk's own mail goes out from."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from deskcore.domain.kinds import AccountState
from deskcore.models import ChannelAccount, Mailbox
from deskcore.plugin.active import plugins
from deskcore.services.desk_settings import desk_settings
from deskcore.services.unit import reading


def offered() -> dict[int, str]:
    """Name the accounts that can write first, whatever their state, by id."""
    with reading() as session:
        rows = _able(session)
    return {account.id: f"{name} · {account.address}" for account, name in rows}


def sender(session: Session) -> ChannelAccount | None:
    """Return the account chosen in the settings, else the first at work; None without any."""
    wanted = desk_settings().own_mail_from
    working = [account for account, _ in _able(session) if account.state == AccountState.ACTIVE]
    chosen = (account for account in working if account.id == wanted)
    return next(chosen, working[0] if working else None)


def can_send() -> bool:
    """Whether the desk can write to its people at all."""
    with reading() as session:
        return sender(session) is not None


def _able(session: Session) -> list[tuple[ChannelAccount, str]]:
    kinds = (kind.item for kind in plugins().registry.channels.all())
    statement = (
        select(ChannelAccount, Mailbox.name)
        .join(Mailbox, Mailbox.id == ChannelAccount.mailbox_id)
        .where(
            ChannelAccount.channel.in_(
                [kind.slug for kind in kinds if kind.can.starts and kind.people == "email"]
            ),
            ChannelAccount.address.like("%_@_%"),  # people are known by mail addresses
            Mailbox.is_sample.is_(False),
            Mailbox.archived_at.is_(None),
        )
        .order_by(ChannelAccount.id)
    )
    return [(account, name) for account, name in session.execute(statement)]
