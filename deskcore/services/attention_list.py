"""Everything that failed and waits for a person, in one place."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, or_, select

from deskcore.domain.kinds import AccountState
from deskcore.domain.people import Actor
from deskcore.domain.views import AccountLine, AttentionPage, InboundLine
from deskcore.models import ChannelAccount, InboundItem, Mailbox, Ticket
from deskcore.services import access, delivery, outbox
from deskcore.services.nav_counts import ATTENTION_INBOUND, DID_NOT_ARRIVE
from deskcore.services.unit import reading

SHOWN = 100


def read(actor: Actor) -> AttentionPage:
    """Return what failed or is held in the mailboxes *actor* may see, newest first."""
    with reading() as session:
        access.require(actor, "attention.handle", session)
        inbound = session.execute(
            select(
                InboundItem.id,
                InboundItem.state,
                InboundItem.reason,
                InboundItem.size,
                InboundItem.tries,
                InboundItem.received_at,
                ChannelAccount.name.label("account_name"),
                Mailbox.name.label("mailbox_name"),
                func.coalesce(Ticket.number, 0).label("ticket_number"),
            )
            .join(ChannelAccount, ChannelAccount.id == InboundItem.account_id)
            .join(Mailbox, Mailbox.id == ChannelAccount.mailbox_id)
            .outerjoin(Ticket, Ticket.id == InboundItem.ticket_id)
            .where(InboundItem.state.in_(ATTENTION_INBOUND), access.visible_mailboxes(actor))
            .order_by(InboundItem.id.desc())
            .limit(SHOWN)
        )
        deliveries = session.execute(outbox.lines(actor).where(DID_NOT_ARRIVE).limit(SHOWN))
        accounts = session.execute(_accounts(actor))
        return AttentionPage(
            inbound=tuple(InboundLine(**row._mapping) for row in inbound),  # noqa: SLF001  public name
            deliveries=tuple(outbox.line(row) for row in deliveries),
            accounts=tuple(AccountLine(**row._mapping) for row in accounts),  # noqa: SLF001  as above
        )


def _accounts(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Select the accounts that somebody has to mend, because they cannot sign in or cannot send."""
    blocked = delivery.blocked().subquery()
    return (
        select(
            ChannelAccount.id,
            ChannelAccount.name,
            ChannelAccount.address,
            ChannelAccount.state,
            func.coalesce(func.nullif(ChannelAccount.problem, ""), blocked.c.detail, "").label(
                "problem"
            ),
            Mailbox.id.label("mailbox_id"),
            Mailbox.name.label("mailbox_name"),
        )
        .join(Mailbox, Mailbox.id == ChannelAccount.mailbox_id)
        .outerjoin(blocked, blocked.c.account_id == ChannelAccount.id)
        .where(
            or_(
                ChannelAccount.state == AccountState.SIGN_IN_FAILED,
                blocked.c.account_id.is_not(None),
            ),
            access.visible_mailboxes(actor),
        )
        .order_by(ChannelAccount.id)
    )
