"""The numbers beside the nav's entries, all from one statement; never one that grows with the desk."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)

from deskcore.domain.kinds import AccountState, Category, DeliveryState, InboundState
from deskcore.domain.people import Actor
from deskcore.models import ChannelAccount, Delivery, InboundItem, Mailbox, Ticket, TicketCount
from deskcore.services import access, counters, delivery
from deskcore.services.unit import light, reading

CAP = 99
OTHERS = -1  # all colleagues are one: their numbers differ for nobody here
ATTENTION_INBOUND = (InboundState.FAILED, InboundState.HELD)
ATTENTION_OUTBOUND = (DeliveryState.FAILED, DeliveryState.HELD, DeliveryState.UNSURE)
# An answer that bounced opens its ticket; the desk's own mail has none to open.
DID_NOT_ARRIVE = or_(
    Delivery.state.in_(ATTENTION_OUTBOUND),
    and_(Delivery.ticket_id.is_(None), Delivery.state == DeliveryState.BOUNCED),
)


def read(actor: Actor) -> dict[str, int]:
    """Return how much stands in each ready view and in "attention", counted up to ``CAP + 1``."""
    statement = _statement(everything=access.sees_everything(actor))
    found = dict.fromkeys(("unassigned", "mine", "open", "waiting", "solved", "spam"), 0)
    found["attention"] = 0
    with reading() as session:
        for row in light(session, statement, access.reach(actor)).all():
            for view in _views(row.bucket, row.assignee_id, actor):
                found[view] += int(row.amount or 0)
    return {view: min(max(0, amount), CAP + 1) for view, amount in found.items()}


@lru_cache(maxsize=2)
def _statement(*, everything: bool) -> CompoundSelect[Any]:
    mine = select(Mailbox.id).where(access.mailboxes_in_reach(everything=everything))
    apart = TicketCount.assignee_id.in_((counters.NOBODY, bindparam("actor_id")))
    who = case((apart, TicketCount.assignee_id), else_=OTHERS)
    tickets: Select[*tuple[Any, ...]] = (
        select(
            TicketCount.bucket.label("bucket"),
            who.label("assignee_id"),
            func.sum(TicketCount.amount).label("amount"),
        )
        .where(TicketCount.mailbox_id.in_(mine))
        .group_by(TicketCount.bucket, who)
    )
    return union_all(tickets, *map(_capped, _failed(mine, everything=everything)))


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


def _capped(part: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    few = part.limit(CAP + 1).subquery()
    amount = select(func.count()).select_from(few).scalar_subquery()
    return select(literal("attention"), literal(0), amount)


def _views(bucket: str, assignee_id: int, actor: Actor) -> tuple[str, ...]:
    if bucket in {"attention", counters.SPAM, Category.SOLVED}:
        return (str(bucket),)
    if bucket != Category.OPEN:
        return ("waiting",)
    if assignee_id == counters.NOBODY:
        return ("open", "unassigned")
    return ("open", "mine") if assignee_id == actor.id else ("open",)
