"""What plugins do with accounts of their own channels: list, hand something in, read it again.

For channels whose items say more than a message holds (stars of a review, lines of an order), or
whose items people type in themselves.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from deskcore.domain.kinds import InboundState, TicketId
from deskcore.domain.messages import InboundMessage
from deskcore.domain.people import Actor
from deskcore.errors import Invalid, NotFound, Problem
from deskcore.i18n import _
from deskcore.models import ChannelAccount, InboundItem, Mailbox, Ticket
from deskcore.plugin.active import plugins
from deskcore.plugin.channel import AccountView, RawItem
from deskcore.plugin.running import require_own
from deskcore.services import access, channels, inbound
from deskcore.services.unit import reading


@dataclass(frozen=True, kw_only=True)
class Told:
    """What an item of a plugin's own channel said, with everything that its ``parse`` found."""

    account_id: int
    ticket_id: TicketId
    message: InboundMessage


def accounts_of(actor: Actor, channel: str) -> list[AccountView]:
    """Return the accounts of a channel of the plugin's own, without their secrets, by their names.

    Those of mailboxes that *actor* may not see are left out. Raises ``NotItsOwn`` for another plugin's, NotFound for one that no active plugin brings.
    """
    require_own(plugins().channel_kind(channel).slug, "the accounts")
    statement = (
        select(ChannelAccount)
        .join(Mailbox, Mailbox.id == ChannelAccount.mailbox_id)
        .where(ChannelAccount.channel == channel, access.visible_mailboxes(actor))
        .order_by(ChannelAccount.name, ChannelAccount.id)
    )
    with reading() as session:
        rows = session.scalars(statement).all()
        own = channels.own_addresses(session) if rows else frozenset()
    return [channels.view_of(row, own=own) for row in rows]


def hand_in(actor: Actor, account_id: int, item: RawItem) -> int:
    """Take an item in as if an account's network had sent it; returns the number of its ticket.

    It is stored, parsed and filed like any other; one that is known already is left as it is. Raises
    Invalid when *actor* may not see the account's mailbox, or when the item opened no ticket.
    """
    access.require(actor, "ticket.change")
    with reading() as session:
        account = session.get(ChannelAccount, account_id)
        seen = access.visible_mailbox_ids(session, actor)
    if account is None or account.mailbox_id not in seen:
        raise Invalid([Problem(field="account", message=_("Choose one of those listed."))])
    require_own(plugins().channel_kind(account.channel).slug, "the accounts")
    inbound.file_items(inbound.store(account_id, [item]).new_ids)
    filed = select(InboundItem.ticket_id).where(
        InboundItem.account_id == account_id, InboundItem.external_id == item.external_id
    )
    with reading() as session:
        ticket_id = session.scalars(filed).first()
        if ticket_id is None:
            raise Invalid([Problem(field="account", message=_("This could not be understood."))])
        return session.get_one(Ticket, ticket_id).number


def told_by(message_id: int) -> Told | None:
    """Read again what a message came from, as an event names it; None when that is gone.

    Raises ``NotItsOwn`` for what came by another plugin's channel.
    """
    statement = (
        select(InboundItem, ChannelAccount)
        .join(ChannelAccount, ChannelAccount.id == InboundItem.account_id)
        .where(InboundItem.message_id == message_id, InboundItem.state == InboundState.FILED)
    )
    with reading() as session:
        row = session.execute(statement).first()
    if row is None or row.InboundItem.ticket_id is None:
        return None
    require_own(plugins().channel_kind(row.ChannelAccount.channel).slug, "the items")
    try:
        found = channels.parse(row.ChannelAccount, inbound.raw_of(row.InboundItem))
    except NotFound:  # its bytes were purged
        return None
    said = next((entry for entry in found if isinstance(entry, InboundMessage)), None)
    if said is None:
        return None
    ticket_id = TicketId(row.InboundItem.ticket_id)
    return Told(account_id=row.ChannelAccount.id, ticket_id=ticket_id, message=said)
