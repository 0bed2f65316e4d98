"""What customers are told before they write: whom to write to, and how long an answer takes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select

from deskcore import clock
from deskcore.domain.kinds import Audience, Category, Direction
from deskcore.domain.public_views import PublicAddress
from deskcore.models import ChannelAccount, Mailbox, Message, Ticket
from deskcore.plugin.active import plugins
from deskcore.services.unit import reading

# Fewer questions than this say more about chance than about the shop.
FEWEST = 10
MOST = 300
LATELY = timedelta(days=28)
# "Usually" is what four of five were given; the middle one would be wrong half of the time.
SHARE = 0.8


def addresses(mailbox_ids: tuple[int, ...]) -> tuple[PublicAddress, ...]:
    """Return the mail addresses of mailboxes that the owner made public, by name."""
    kinds = (kind.item for kind in plugins().registry.channels.all())
    statement = (
        select(Mailbox.name, ChannelAccount.address)
        .join(ChannelAccount, ChannelAccount.mailbox_id == Mailbox.id)
        .where(
            Mailbox.id.in_(mailbox_ids),
            Mailbox.archived_at.is_(None),
            ChannelAccount.channel.in_([kind.slug for kind in kinds if kind.people == "email"]),
            ChannelAccount.address.like("%_@_%"),
        )
        .order_by(Mailbox.name, ChannelAccount.id)
    )
    with reading() as session:
        rows = session.execute(statement).all()
    return tuple(PublicAddress(name=row.name, address=row.address) for row in rows)


def usual_wait() -> timedelta | None:
    """Return within what time four of five questions of the last weeks were answered by a person.

    Who still waits counts with how long they wait already. None when too few have asked.
    """
    now = clock.now()
    waits = sorted((answered or now) - asked for asked, answered in _answers(now))
    if len(waits) < FEWEST:
        return None
    return waits[min(int(len(waits) * SHARE), len(waits) - 1)]


def _answers(now: datetime) -> list[tuple[datetime, datetime | None]]:
    """Return when the latest questions came and when each was answered; None while it was not."""
    with reading() as session:
        asked = session.execute(
            select(Ticket.id, Ticket.created_at, Ticket.category)
            .where(
                Ticket.created_at > now - LATELY,
                Ticket.spam_at.is_(None),
                Ticket.deleted_at.is_(None),
                Ticket.merged_into_id.is_(None),
                Ticket.is_sample.is_(False),
            )
            .order_by(Ticket.id.desc())
            .limit(MOST)
        ).all()
        first = (
            select(func.min(Message.id))
            .where(
                Message.ticket_id.in_([ticket.id for ticket in asked]),
                Message.audience == Audience.CUSTOMER,
                Message.is_automatic.is_(False),
                Message.undone_at.is_(None),
            )
            .group_by(Message.ticket_id, Message.direction)
        )
        said = session.execute(
            select(Message.id, Message.ticket_id, Message.direction, Message.created_at).where(
                Message.id.in_(first)
            )
        ).all()
    firsts = {(row.ticket_id, row.direction): row for row in said}
    found = []
    for ticket in asked:
        question = firsts.get((ticket.id, Direction.IN))
        answer = firsts.get((ticket.id, Direction.OUT))
        if question is None or (answer is not None and answer.id < question.id):
            continue  # the desk wrote first
        # Solved without a word: it needed none, so nobody waited.
        if answer is not None or ticket.category != Category.SOLVED:
            found.append((ticket.created_at, answer.created_at if answer else None))
    return found
