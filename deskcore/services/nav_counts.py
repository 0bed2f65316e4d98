"""The numbers beside the nav's entries, all from one statement; never one that grows with the desk."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, and_, bindparam, case, func, or_, select

from deskcore.domain.kinds import AccountState, Category, DeliveryState, InboundState
from deskcore.domain.people import Actor
from deskcore.models import ChannelAccount, Delivery, InboundItem, Mailbox, Ticket, TicketCount
from deskcore.services import access, counters, delivery
from deskcore.services.prepared import light
from deskcore.services.unit import reading

CAP = 99
COUNTED = ("unassigned", "mine", "open", "waiting", "spam")
ATTENTION_INBOUND = (InboundState.FAILED, InboundState.HELD)
ATTENTION_OUTBOUND = (DeliveryState.FAILED, DeliveryState.HELD, DeliveryState.UNSURE)
# An answer that bounced opens its ticket; the desk's own mail has none to open.
DID_NOT_ARRIVE = or_(
    Delivery.state.in_(ATTENTION_OUTBOUND),
    and_(Delivery.ticket_id.is_(None), Delivery.state == DeliveryState.BOUNCED),
)


def read(actor: Actor) -> dict[str, int]:
    """Return how much stands in each ready view and in "attention", counted up to ``CAP + 1``.

    Solved ones are many and nobody's work: they are not counted.
    """
    statement = _statement(everything=access.sees_everything(actor))
    with reading() as session:
        [found] = light(session, statement, access.reach(actor))
    *views, items, deliveries, accounts = (int(amount or 0) for amount in found)
    counts = dict(zip(COUNTED, views, strict=True)) | {"attention": items + deliveries + accounts}
    return {name: min(max(0, amount), CAP + 1) for name, amount in counts.items()}


@lru_cache(maxsize=2)
def _statement(*, everything: bool) -> Select[*tuple[Any, ...]]:
    mine = select(Mailbox.id).where(access.mailboxes_in_reach(everything=everything))
    is_open = TicketCount.bucket == Category.OPEN
    waiting = (Category.WAITING_CUSTOMER, Category.WAITING_OTHERS)
    conditions = {
        "unassigned": and_(is_open, TicketCount.assignee_id == counters.NOBODY),
        "mine": and_(is_open, TicketCount.assignee_id == bindparam("actor_id")),
        "open": is_open,
        "waiting": TicketCount.bucket.in_(waiting),
        "spam": TicketCount.bucket == counters.SPAM,
    }
    sums = [func.sum(case((conditions[view], TicketCount.amount), else_=0)) for view in COUNTED]
    return select(*sums, *map(_capped, _failed(mine, everything=everything))).where(
        TicketCount.mailbox_id.in_(mine), TicketCount.bucket != Category.SOLVED
    )


def _failed(
    mine: Select[*tuple[Any, ...]], *, everything: bool
) -> tuple[Select[*tuple[Any, ...]], ...]:
    return (
        select(InboundItem.id)
        .join(ChannelAccount, ChannelAccount.id == InboundItem.account_id)
        .where(InboundItem.state.in_(ATTENTION_INBOUND), ChannelAccount.mailbox_id.in_(mine)),
        select(Delivery.id)
        .outerjoin(Ticket, Ticket.id == Delivery.ticket_id)
        .where(DID_NOT_ARRIVE, access.tickets_in_reach(everything=everything)),
        select(ChannelAccount.id).where(
            or_(
                ChannelAccount.state == AccountState.SIGN_IN_FAILED,
                ChannelAccount.id.in_(select(delivery.blocked().subquery().c.account_id)),
            ),
            ChannelAccount.mailbox_id.in_(mine),
        ),
    )


def _capped(part: Select[*tuple[Any, ...]]) -> ScalarSelect[int]:
    few = part.limit(CAP + 1).subquery()
    return select(func.count()).select_from(few).scalar_subquery()
