"""Customers and companies as pages show them: only with tickets the reader may see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal, select, true
from sqlalchemy.orm import Session

from deskcore.domain.kinds import Category, CustomerId
from deskcore.domain.people import Actor, canonical_email
from deskcore.domain.views import AddressView, CompanyPage, CustomerPage, PersonLine, TicketLine
from deskcore.errors import NotFound
from deskcore.i18n import _
from deskcore.models import Company, Customer, Identity, Mailbox, Ticket
from deskcore.services import access, lists
from deskcore.services.unit import reading

SHORTEST = 2  # one letter begins everything
LONGEST = 320  # as long as an address or a name can be; SQLite refuses patterns of 50,000 bytes
SUGGESTED = 8


def read(actor: Actor, customer_id: int) -> CustomerPage:
    """Return a customer; raises NotFound for one of whom *actor* may see no ticket."""
    with reading() as session:
        access.require(actor, "ticket.read", session)
        row = session.execute(
            select(
                Customer.id,
                Customer.name,
                Customer.notes,
                Customer.locale,
                Customer.created_at.label("since"),
                Company.id.label("company_id"),
                func.coalesce(Company.name, "").label("company_name"),
            )
            .outerjoin(Company, Company.id == Customer.company_id)
            .where(Customer.id == customer_id, _is_known(actor))
        ).one_or_none()
        if row is None:
            message = _("There is no such customer, or you have no ticket of theirs.")
            raise NotFound(message)
        is_theirs = (Ticket.customer_id == customer_id, Ticket.deleted_at.is_(None))
        return CustomerPage(
            **row._mapping,  # noqa: SLF001  SQLAlchemy's public name for a row by column
            addresses=_addresses(session, customer_id),
            tickets=tuple(lists.newest_where(session, actor, *is_theirs)),
        )


def company(actor: Actor, company_id: int) -> CompanyPage:
    """Return a company; raises NotFound for one of whose people *actor* may see no ticket."""
    with reading() as session:
        access.require(actor, "ticket.read", session)
        found = session.get(Company, company_id)
        people = tuple(
            session.execute(
                people_statement(actor).where(Customer.company_id == company_id).limit(200)
            )
        )
        if found is None or (not people and not actor.is_admin):
            message = _("There is no such company, or you have no ticket of theirs.")
            raise NotFound(message)
        theirs = select(Customer.id).where(Customer.company_id == company_id)
        conditions = (Ticket.customer_id.in_(theirs), Ticket.deleted_at.is_(None))
        return CompanyPage(
            id=found.id,
            name=found.name,
            domains=tuple(found.domains),
            notes=found.notes,
            people=tuple(PersonLine(**row._mapping) for row in people),  # noqa: SLF001  as above
            tickets=tuple(lists.newest_where(session, actor, *conditions)),
        )


def suggest(actor: Actor, typed: str) -> tuple[PersonLine, ...]:
    """Return customers whose name or address begins with *typed*, for writing to them."""
    typed = typed.strip()
    if not SHORTEST <= len(typed) <= LONGEST:
        return ()
    start = typed.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    by_address = select(Identity.customer_id).where(Identity.value.ilike(f"{start}%", escape="\\"))
    by_name = Customer.name.ilike(f"%{start}%", escape="\\")
    capital = Customer.name.ilike(f"%{start.capitalize()}%", escape="\\")
    with reading() as session:
        rows = session.execute(
            people_statement(actor)
            .where(by_name | capital | Customer.id.in_(by_address))
            .limit(SUGGESTED)
        )
        return tuple(PersonLine(**row._mapping) for row in rows)  # noqa: SLF001  as above


def unsolved_of(actor: Actor, address: str) -> tuple[TicketLine, ...]:
    """Return the unsolved tickets of whoever has this address, newest first."""
    with reading() as session:
        theirs = select(Identity.customer_id).where(Identity.value == address)
        rows = lists.newest_where(
            session,
            actor,
            Ticket.customer_id.in_(theirs),
            Ticket.category != Category.SOLVED,
            lists.LISTED,
            limit=5,
        )
    return tuple(
        TicketLine(number=row.number, subject=row.subject, category=row.category) for row in rows
    )


def mailboxes(actor: Actor) -> tuple[tuple[int, str], ...]:
    """Return (id, name) of the mailboxes *actor* can write from: real ones first, by name."""
    with reading() as session:
        rows = session.execute(
            select(Mailbox.id, Mailbox.name)
            .where(Mailbox.archived_at.is_(None), access.visible_mailboxes(actor))
            .order_by(Mailbox.is_sample, Mailbox.name)
        )
        return tuple((row.id, row.name) for row in rows)


def people_statement(actor: Actor) -> Select[*tuple[Any, ...]]:
    """Select the customers *actor* may see, by name, each with the first address."""
    address = (
        select(func.min(Identity.value)).where(Identity.customer_id == Customer.id)
    ).scalar_subquery()
    return (
        select(
            Customer.id,
            Customer.name,
            func.coalesce(address, "").label("address"),
            func.coalesce(Company.name, "").label("company_name"),
        )
        .outerjoin(Company, Company.id == Customer.company_id)
        .where(Customer.merged_into_id.is_(None), Customer.erased_at.is_(None), _is_known(actor))
        .order_by(Customer.name, Customer.id)
    )


def of_address(actor: Actor, address: str) -> CustomerId | None:
    """Return whose mail address this is; None when *actor* knows no customer by it."""
    statement = (
        select(Customer.id)
        .join(Identity, Identity.customer_id == Customer.id)
        .where(Identity.kind == "email", Identity.value == canonical_email(address))
        .where(_is_known(actor))
    )
    with reading() as session:
        found = session.scalars(statement).first()
    return CustomerId(found) if found else None


def _is_known(actor: Actor) -> ColumnElement[bool]:
    if actor.kind == "system" or actor.is_admin:
        return true()
    return (
        select(Ticket.id)
        .where(Ticket.customer_id == Customer.id, access.visible_tickets(actor))
        .exists()
    )


def _addresses(session: Session, customer_id: int) -> tuple[AddressView, ...]:
    rows = session.execute(
        select(
            Identity.id.label("identity_id"),
            Identity.customer_id,
            Identity.kind,
            Identity.value,
            Identity.name,
            Identity.is_bouncing,
            literal("").label("role"),
        )
        .where(Identity.customer_id == customer_id)
        .order_by(Identity.id)
    )
    return tuple(AddressView(**row._mapping) for row in rows)  # noqa: SLF001  SQLAlchemy's public name
