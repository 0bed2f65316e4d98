"""Customers and their addresses: found by identity, made at first contact, merged by people only."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from deskcore.db import insert_into
from deskcore.domain.events import CustomerCreated
from deskcore.domain.kinds import IdentityKind
from deskcore.domain.messages import Address
from deskcore.domain.people import Actor, canonical_email
from deskcore.errors import Invalid, NotFound, Problem
from deskcore.i18n import _
from deskcore.models import (
    Company,
    Customer,
    Identity,
    Ticket,
    TicketParticipant,
)
from deskcore.services import access
from deskcore.services.prepared import direct
from deskcore.services.rows import known, put
from deskcore.services.unit import Unit, unit_of_work

MAX_NAME = 160
MAX_ADDRESS = 320

_BY_ADDRESS = (
    select(Identity, Customer)
    .join(Customer, Customer.id == Identity.customer_id)
    .where(
        Identity.kind == bindparam("kind"),
        Identity.scope == bindparam("scope"),
        Identity.value == bindparam("value"),
    )
)


def find_or_create(
    unit: Unit,
    address: Address,
    known_by: tuple[IdentityKind, str] = (IdentityKind.EMAIL, ""),
    *,
    is_sample: bool = False,
) -> tuple[Identity, Customer]:
    """Return the identity of an address and whose it is; a customer is made for a new one.

    *known_by* are kind and scope of the address (``channels.known_by``).
    Safe against another worker meeting the same address at the same moment.
    """
    kind, scope = known_by
    is_mail = kind == IdentityKind.EMAIL
    value = canonical_email(address.value) if is_mail else address.value.strip()
    wanted = {"kind": kind, "scope": scope, "value": value[:MAX_ADDRESS]}
    name = address.name.strip()[:MAX_NAME]
    if (found := _find(unit.session, wanted)) is not None:
        _learn_name(*found, name)
        return found
    customer = put(unit.session, Customer(name=name, created_at=unit.now, is_sample=is_sample))
    values = {
        "customer_id": customer.id,
        **wanted,
        "name": name,
        "is_bouncing": False,
        "created_at": unit.now,
    }
    only_new = insert_into(unit.session, Identity).on_conflict_do_nothing(
        index_elements=["kind", "scope", "value"]
    )
    inserted = direct(unit.session, only_new.returning(Identity.id), values).scalar_one_or_none()
    if inserted is not None:
        unit.record(CustomerCreated(customer_id=customer.id))
        return known(unit.session, Identity(id=inserted, **values)), customer
    # Somebody else made it while we looked.
    unit.session.delete(customer)
    unit.session.flush()
    if (found := _find(unit.session, wanted)) is None:
        message = _("The address could not be stored; try again.")
        raise NotFound(message)
    return found


def _find(session: Session, wanted: Mapping[str, str]) -> tuple[Identity, Customer] | None:
    found = session.execute(_BY_ADDRESS, wanted).one_or_none()
    return None if found is None else (found.Identity, found.Customer)


def display_name(customer: Customer | None, identity: Identity | None) -> str:
    """Return what to call somebody in a list: their name, else their address."""
    if customer is not None and customer.name:
        return customer.name
    if identity is not None:
        return identity.name or identity.value
    return ""


def participate(unit: Unit, ticket: Ticket, identity: Identity, role: str) -> None:
    """Put an identity on a ticket under *role* unless it is there already."""
    if unit.session.get(TicketParticipant, (ticket.id, identity.id)) is None:
        add_participant(unit, ticket, identity, role)


def add_participant(unit: Unit, ticket: Ticket, identity: Identity, role: str) -> None:
    """Put an identity on a ticket that does not have it."""
    row = TicketParticipant(ticket_id=ticket.id, identity_id=identity.id, role=role)
    put(unit.session, row)


def update_customer(actor: Actor, customer_id: int, *, name: str, company: str, notes: str) -> None:
    """Change what the desk knows of a customer; an unknown company name makes that company.

    Raises Invalid for an over-long name, NotFound for a customer who is gone.
    """
    access.require(actor, "customer.change")
    if len(name) > MAX_NAME:
        raise Invalid(
            [Problem(field="name", message=_("Use at most %(count)d characters.", count=MAX_NAME))]
        )
    with unit_of_work(actor) as unit:
        customer = _get(unit.session, actor, customer_id)
        customer.name = name.strip()
        customer.notes = notes.strip()
        customer.company_id = _company_id(unit, company.strip())
        shown = customer.name
        if shown:
            unit.session.execute(
                update(Ticket).where(Ticket.customer_id == customer.id).values(customer_name=shown)
            )


def update_company(actor: Actor, company_id: int, *, name: str, notes: str) -> None:
    """Rename a company or change its notes."""
    access.require(actor, "customer.change")
    if not name.strip():
        raise Invalid([Problem(field="name", message=_("Enter the name of the company."))])
    with unit_of_work(actor) as unit:
        company = unit.session.get(Company, company_id)
        if company is None:
            message = _("There is no such company.")
            raise NotFound(message)
        company.name = name.strip()[:MAX_NAME]
        company.notes = notes.strip()


def is_visible(session: Session, actor: Actor, customer_id: int) -> bool:
    """Whether *actor* may see a customer: through one of their tickets, or as an admin."""
    if actor.kind == "system" or actor.is_admin:
        return session.get(Customer, customer_id) is not None
    statement = select(Ticket.id).where(
        Ticket.customer_id == customer_id, access.visible_tickets(actor)
    )
    return session.execute(statement.limit(1)).first() is not None


def _get(session: Session, actor: Actor, customer_id: int) -> Customer:
    if not is_visible(session, actor, customer_id):
        message = _("There is no such customer, or you have no ticket of theirs.")
        raise NotFound(message)
    return session.get_one(Customer, customer_id)


def _company_id(unit: Unit, name: str) -> int | None:
    if not name:
        return None
    # The name alone must not open the notes of a company known to another mailbox.
    known = select(Customer.company_id).join(Ticket, Ticket.customer_id == Customer.id)
    is_known = Company.id.in_(known.where(access.visible_tickets(unit.actor)))
    statement = select(Company).where(Company.name == name)
    if not unit.actor.is_admin:
        statement = statement.where(is_known)
    company = unit.session.scalars(statement).first()
    if company is None:
        company = Company(name=name[:MAX_NAME], domains=[], created_at=unit.now)
        unit.session.add(company)
        unit.session.flush()
    return company.id


def _learn_name(identity: Identity, customer: Customer, name: str) -> None:
    """Take a name from a mail only while the desk knows none: people's own edits stay."""
    if name and not identity.name:
        identity.name = name
    if name and not customer.name and not customer.erased_at:
        customer.name = name
