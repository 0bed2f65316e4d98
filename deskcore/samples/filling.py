"""Sample data: a believable small shop that can be tried and taken out again.

Its mailboxes never fetch and never send; its customers' addresses lie in domains that do not
exist. Everything of it is marked, so removing it touches nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.domain.kinds import AccountState
from deskcore.domain.people import VIEWER, Actor
from deskcore.models import (
    ChannelAccount,
    Company,
    Customer,
    Mailbox,
    Role,
    Status,
    Tag,
    Ticket,
    TicketCount,
    TicketTag,
    User,
)
from deskcore.samples import rows
from deskcore.samples.desk import SampleDesk, SampleMailbox, known_customers
from deskcore.samples.shop import shop_stories
from deskcore.samples.stories import Story
from deskcore.services import access
from deskcore.services.unit import Unit, reading, unit_of_work

SHOP_TICKETS = 60
SHOP_MAILBOXES = ("Support (sample)", "Invoices (sample)")
BATCH = 500

OnProgress = Callable[[int], None]


def has_samples() -> bool:
    """Whether sample data is in the desk."""
    with reading() as session:
        return bool(session.scalar(select(exists().where(Mailbox.is_sample))))


def fill(
    actor: Actor,
    stories: Iterable[Story] | None = None,
    *,
    mailboxes: Sequence[str] = SHOP_MAILBOXES,
    on_progress: OnProgress = lambda _count: None,
) -> int:
    """Add sample data, the small shop unless told other *stories*; returns how many tickets.

    Tickets go to the people there are, in turn. Nobody is notified and no subscriber hears of it.
    """
    access.require(actor, "desk.manage")
    told = stories if stories is not None else shop_stories(SHOP_TICKETS, clock.now())
    with unit_of_work(actor) as unit:
        desk = _desk(unit, mailboxes)
        unit.audit("desk.samples_added")
    count = 0
    for batch in _batches(told):
        with unit_of_work(actor) as unit:
            rows.write(unit, desk, batch)
        count += len(batch)
        on_progress(len(batch))
    return count


def remove(actor: Actor, *, on_progress: OnProgress = lambda _count: None) -> int:
    """Take all sample data out again, with whatever people did to it; returns how many tickets."""
    access.require(actor, "desk.manage")
    count = 0
    while True:
        with unit_of_work(actor) as unit:
            some = list(
                unit.session.scalars(select(Ticket.id).where(Ticket.is_sample).limit(BATCH))
            )
            if not some:
                _remove_rest(unit)
                unit.audit("desk.samples_removed")
                return count
            unit.session.execute(delete(Ticket).where(Ticket.id.in_(some)))
        count += len(some)
        on_progress(len(some))


def _batches(stories: Iterable[Story]) -> Iterable[list[Story]]:
    batch: list[Story] = []
    for story in stories:
        batch.append(story)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _desk(unit: Unit, names: Sequence[str]) -> SampleDesk:
    session = unit.session
    return SampleDesk(
        mailboxes=[_mailbox(unit, name) for name in names],
        agents=_agents(session),
        statuses={row.key: (row.id, row.category) for row in session.scalars(select(Status))},
        customers=known_customers(session),
        companies={row.name: row.id for row in session.scalars(select(Company))},
    )


def _mailbox(unit: Unit, name: str) -> SampleMailbox:
    """Make a sample mailbox, or take the one that is there."""
    mailbox = unit.session.scalars(select(Mailbox).where(Mailbox.name == name)).one_or_none()
    if mailbox is None:
        mailbox = Mailbox(name=name, is_sample=True, created_at=unit.now)
        unit.session.add(mailbox)
        unit.session.flush()
        unit.session.add(
            ChannelAccount(
                mailbox_id=mailbox.id,
                channel="email",
                name=name,
                address=f"{name.partition(' ')[0].casefold()}@teashop.invalid",
                state=AccountState.OFF,
                connected_at=unit.now,
                created_at=unit.now,
            )
        )
        unit.session.flush()
    account = unit.session.scalars(
        select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox.id)
    ).one()
    return SampleMailbox(id=mailbox.id, account_id=account.id, address=account.address)


def _agents(session: Session) -> list[tuple[int, str]]:
    """Return the people who could have answered: everybody who signs in, but no viewers."""
    statement = (
        select(User.id, User.name)
        .join(Role, Role.id == User.role_id)
        .where(User.deactivated_at.is_(None), Role.key != VIEWER)
        .order_by(User.id)
    )
    return [(row.id, row.name) for row in session.execute(statement)]


def _remove_rest(unit: Unit) -> None:
    """Remove what the tickets have left: people, companies, tags, mailboxes without tickets."""
    session = unit.session
    companies = select(Customer.company_id).where(Customer.is_sample)
    suspects = [one for one in session.scalars(companies.distinct()) if one is not None]
    session.execute(
        delete(Customer).where(
            Customer.is_sample, ~exists().where(Ticket.customer_id == Customer.id)
        )
    )
    session.execute(
        delete(Company).where(
            Company.id.in_(suspects), ~exists().where(Customer.company_id == Company.id)
        )
    )
    session.execute(delete(Tag).where(~exists().where(TicketTag.tag_id == Tag.id)))
    empty = select(Mailbox.id).where(
        Mailbox.is_sample, ~exists().where(Ticket.mailbox_id == Mailbox.id)
    )
    ids = list(session.scalars(empty))
    session.execute(delete(TicketCount).where(TicketCount.mailbox_id.in_(ids)))
    session.execute(delete(ChannelAccount).where(ChannelAccount.mailbox_id.in_(ids)))
    session.execute(delete(Mailbox).where(Mailbox.id.in_(ids)))
