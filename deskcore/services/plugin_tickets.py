"""What plugins do to tickets of their kinds, each in the transaction of whoever does it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from deskcore.domain import events
from deskcore.domain.kinds import Audience, Direction, IdentityKind, MailboxId
from deskcore.domain.messages import Address
from deskcore.domain.text import preview
from deskcore.errors import Invalid, NotFound, Problem
from deskcore.i18n import _
from deskcore.models import Customer, Identity, Message, Ticket
from deskcore.plugin.active import plugins
from deskcore.plugin.parts import TicketRef
from deskcore.plugin.running import require_own, running
from deskcore.plugin.ticket_kinds import TicketKind
from deskcore.services import access, counters, customers, search, ticket_kinds, tickets
from deskcore.services.plugin_places import ticket_ref
from deskcore.services.rows import put
from deskcore.services.unit import Unit


@dataclass(frozen=True, kw_only=True)
class NewTicket:
    """A ticket that a plugin opens: what somebody said, and where it is worked on.

    ``kind`` is one that the plugin brings. ``sender`` is a mail address, or a handle that only this
    plugin knows people by. ``at`` is when it was said, now when it is not given.
    """

    kind: str
    mailbox_id: MailboxId
    subject: str
    text: str
    sender: Address
    at: datetime | None = None


def open_ticket(unit: Unit, new: NewTicket) -> TicketRef:
    """Open a ticket of a kind of the plugin's own, as if a customer had written.

    Raises Invalid for a mailbox that the actor cannot see, LookupError for a kind that nobody
    brings, NotItsOwn for another plugin's.
    """
    access.require(unit.actor, "ticket.change", unit.session)
    owned = plugins().registry.ticket_kinds.get(new.kind)
    if owned is None:
        raise LookupError(f"No active plugin brings the kind of tickets {new.kind!r}.")
    require_own(owned.slug, "tickets")
    if new.mailbox_id not in access.visible_mailbox_ids(unit.session, unit.actor):
        raise Invalid([Problem(field="mailbox", message=_("Choose one of the mailboxes listed."))])
    identity, customer = customers.find_or_create(unit, new.sender, _known_by(owned.slug, new))
    ticket = _written(unit, new, owned.item, identity, customer)
    said = _said(unit, new, ticket, identity)
    customers.add_participant(unit, ticket, identity, "customer")
    counters.moved(unit.session, None, counters.place(ticket))
    search.add(unit.session, ticket, said, [f"{identity.name} {identity.value}"])
    _tell(unit, ticket, said)
    return ticket_ref(ticket)


def change_status(unit: Unit, ticket_id: int, status: str) -> bool:
    """Give a ticket another status, as the actor of *unit* and by the flow of its kind.

    Returns whether it had another one before. *status* is a key, as ``slug.kind.status``. Raises Invalid, NotAllowed or Conflict, in words for
    people, when the flow does not allow it; NotFound for a ticket that the actor cannot see.
    """
    access.require(unit.actor, "ticket.change", unit.session)
    ticket = unit.session.scalars(
        select(Ticket).where(
            Ticket.id == ticket_id,
            Ticket.merged_into_id.is_(None),
            access.visible_tickets(unit.actor),
        )
    ).one_or_none()
    if ticket is None:
        raise NotFound(_("There is no such ticket, or it is in a mailbox you cannot see."))
    before = ticket.status_id
    kind = plugins().registry.ticket_kinds.get(ticket.kind)
    is_own = kind is not None and running() in {"", kind.slug}
    with counters.changing(unit, ticket):
        tickets.move_to(unit, ticket, status, cause="plugin" if is_own else "person")
    return ticket.status_id != before


def _known_by(slug: str, new: NewTicket) -> tuple[IdentityKind, str]:
    is_mail = "@" in new.sender.value
    return (IdentityKind.EMAIL, "") if is_mail else (IdentityKind.HANDLE, slug)


def _written(
    unit: Unit, new: NewTicket, kind: TicketKind, identity: Identity, customer: Customer
) -> Ticket:
    at = min(new.at or unit.now, unit.now)
    status = ticket_kinds.first_status(unit, kind, is_history=False)
    ticket = Ticket(
        number=tickets.next_number(unit),
        kind=kind.name,
        subject=" ".join(new.subject.split())[: tickets.MAX_SUBJECT],
        mailbox_id=new.mailbox_id,
        status_id=status.id,
        category=status.category,
        customer_id=customer.id,
        customer_name=customers.display_name(customer, identity)[:320],
        preview=preview(new.text),
        message_count=1,
        last_direction=Direction.IN,
        created_at=at,
        updated_at=unit.now,
        list_at=at,
        last_message_at=at,
        waiting_since=at,
    )
    return put(unit.session, ticket)


def _said(unit: Unit, new: NewTicket, ticket: Ticket, identity: Identity) -> Message:
    said = Message(
        ticket_id=ticket.id,
        direction=Direction.IN,
        audience=Audience.CUSTOMER,
        author_identity_id=identity.id,
        author_name=(new.sender.name or identity.name)[:320],
        author_address=new.sender.value[:320],
        to_addresses=[],
        cc_addresses=[],
        reply_to=[],
        warnings=[],
        subject=ticket.subject,
        visible=new.text,
        created_at=ticket.created_at,
    )
    return put(unit.session, said)


def _tell(unit: Unit, ticket: Ticket, said: Message) -> None:
    unit.record(
        events.TicketOpened(
            ticket_id=ticket.id, mailbox_id=ticket.mailbox_id, customer_id=ticket.customer_id
        )
    )
    unit.record(
        events.MessageReceived(
            ticket_id=ticket.id,
            mailbox_id=ticket.mailbox_id,
            customer_id=ticket.customer_id,
            message_id=said.id,
            channel="",
            first=True,
        )
    )
