"""Rows of a small shop for tests: people, mailboxes, customers, tickets and what was said.

Every function opens its own transaction and returns plain ids or actors, ready for services.
"""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from deskcore import clock
from deskcore.domain import remote_images
from deskcore.domain.kinds import Audience, Category, DeliveryState, Direction, IdentityKind
from deskcore.domain.people import Actor
from deskcore.models import (
    ChannelAccount,
    Customer,
    Delivery,
    Identity,
    Mailbox,
    MailboxTeam,
    Message,
    Role,
    Status,
    Team,
    TeamMember,
    Ticket,
    TicketLeg,
    TicketParticipant,
    User,
)
from deskcore.services import access, counters, search, tickets
from deskcore.services.unit import Unit, reading, unit_of_work

_serial = itertools.count(1)


def a_team(*mailbox_ids: int, name: str = "") -> int:
    """Make a team that sees these mailboxes."""
    with unit_of_work() as unit:
        team = Team(name=name or f"Team {next(_serial)}", created_at=unit.now)
        unit.session.add(team)
        unit.session.flush()
        for mailbox_id in mailbox_ids:
            unit.session.add(MailboxTeam(mailbox_id=mailbox_id, team_id=team.id))
        return team.id


def a_user(role: str = "agent", *, name: str = "Petr Dvořák", teams: tuple[int, ...] = ()) -> Actor:
    """Make somebody who works here."""
    with unit_of_work() as unit:
        user = User(
            email=f"user{next(_serial)}@shop.example",
            name=name,
            role_id=unit.session.scalars(select(Role.id).where(Role.key == role)).one(),
            created_at=unit.now,
        )
        unit.session.add(user)
        unit.session.flush()
        for team_id in teams:
            unit.session.execute(insert(TeamMember).values(team_id=team_id, user_id=user.id))
        user_id = user.id
    with reading() as session:
        actor = access.actor_of(session, user_id)
    assert actor is not None
    return actor


def a_mailbox(name: str = "", *, address: str = "") -> int:
    """Make a mailbox with a mail account."""
    with unit_of_work() as unit:
        number = next(_serial)
        mailbox = Mailbox(name=name or f"Support {number}", created_at=unit.now)
        unit.session.add(mailbox)
        unit.session.flush()
        unit.session.add(
            ChannelAccount(
                mailbox_id=mailbox.id,
                channel="email",
                name="Mail",
                address=address or f"help{number}@shop.example",
                connected_at=unit.now,
                created_at=unit.now,
            )
        )
        return mailbox.id


def a_customer(name: str = "Jana Nováková", address: str = "") -> tuple[int, int]:
    """Make a customer with one mail address; returns the ids of customer and identity."""
    with unit_of_work() as unit:
        customer = Customer(name=name, created_at=unit.now)
        unit.session.add(customer)
        unit.session.flush()
        identity = Identity(
            customer_id=customer.id,
            kind=IdentityKind.EMAIL,
            value=address or f"jana{next(_serial)}@example.cz",
            name=name,
            created_at=unit.now,
        )
        unit.session.add(identity)
        unit.session.flush()
        return customer.id, identity.id


def a_ticket(  # noqa: PLR0913  every part of a ticket may matter to some test
    mailbox_id: int,
    *,
    subject: str = "Rozbitá konvička",
    text: str = "Dobrý den, objednávka 10432 dorazila rozbitá.",
    customer: tuple[int, int] | None = None,
    status: str = "open",
    assignee: Actor | None = None,
    at: datetime | None = None,
    is_spam: bool = False,
) -> int:
    """Make a ticket that a customer opened by mail, counted and searchable; returns its number."""
    customer_id, identity_id = customer or a_customer()
    at = at or clock.now() - timedelta(hours=1) + timedelta(seconds=next(_serial))
    with unit_of_work() as unit:
        row = unit.session.scalars(select(Status).where(Status.key == status)).one()
        person = unit.session.get_one(Customer, customer_id)
        ticket = Ticket(
            number=tickets.next_number(unit),
            subject=subject,
            mailbox_id=mailbox_id,
            status_id=row.id,
            category=row.category,
            assignee_id=assignee.id if assignee else None,
            customer_id=customer_id,
            customer_name=person.name,
            channel="email",
            preview=text[:100],
            message_count=0,
            created_at=at,
            updated_at=at,
            list_at=at,
            waiting_since=at if row.category == Category.OPEN else None,
            solved_at=at if row.category == Category.SOLVED else None,
            spam_at=at if is_spam else None,
        )
        unit.session.add(ticket)
        unit.session.flush()
        _reach(unit, ticket, identity_id)
        counters.moved(unit.session, None, counters.place(ticket))
        search.index_ticket(unit.session, ticket)
        number = ticket.number
    a_message(number, text)
    return number


def _reach(unit: Unit, ticket: Ticket, identity_id: int) -> None:
    """Say which way the ticket is answered, and whose it is."""
    account_id = unit.session.scalars(
        select(ChannelAccount.id).where(ChannelAccount.mailbox_id == ticket.mailbox_id)
    ).one()
    unit.session.add_all(
        [
            TicketLeg(
                ticket_id=ticket.id,
                account_id=account_id,
                identity_id=identity_id,
                created_at=ticket.created_at,
            ),
            TicketParticipant(ticket_id=ticket.id, identity_id=identity_id, role="customer"),
        ]
    )


def a_message(
    number: int,
    text: str,
    *,
    direction: Direction = Direction.IN,
    html: str | None = None,
    delivery: DeliveryState | None = None,
    author: Actor | None = None,
    cc: tuple[str, ...] = (),
) -> int:
    """Say something on a ticket: customer, note or agent, with a delivery for the last."""
    with unit_of_work() as unit:
        ticket = unit.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        leg = unit.session.scalars(select(TicketLeg).where(TicketLeg.ticket_id == ticket.id)).one()
        identity = unit.session.get_one(Identity, leg.identity_id)
        account = unit.session.get_one(ChannelAccount, leg.account_id)
        came_in = direction == Direction.IN
        message = Message(
            ticket_id=ticket.id,
            leg_id=leg.id,
            direction=direction,
            audience=Audience.INTERNAL if direction == Direction.NOTE else Audience.CUSTOMER,
            author_user_id=author.id if author else None,
            author_identity_id=identity.id if came_in else None,
            author_name=identity.name if came_in else (author.name if author else ""),
            author_address=identity.value if came_in else account.address,
            to_addresses=[account.address] if came_in else [identity.value],
            cc_addresses=list(cc),
            subject=ticket.subject,
            visible=text,
            html=html,
            remote_images=remote_images.count(html or ""),
            warnings=[],
            reply_to=[],
            created_at=unit.now,
        )
        unit.session.add(message)
        unit.session.flush()
        ticket.message_count += 1
        if delivery is not None:
            unit.session.add(_delivery(message, account.id, delivery))
        search.index_message(unit.session, ticket, message)
        return message.id


def _delivery(message: Message, account_id: int, state: DeliveryState) -> Delivery:
    return Delivery(
        message_id=message.id,
        ticket_id=message.ticket_id,
        account_id=account_id,
        key=f"key{message.id}",
        token=f"token{message.id}",
        external_id=f"{message.id}@shop.example",
        state=state,
        detail="550 no such user" if state == DeliveryState.FAILED else "",
        run_at=message.created_at,
        created_at=message.created_at,
    )
