"""Forgetting one customer: their tickets with all that hangs on them, and what plugins keep.

One transaction: all of it or nothing. What they wrote on tickets of others is emptied, since those
are others'. Bytes of files go with the next sweep; backups made before still have everything.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from deskcore.domain.people import Actor
from deskcore.errors import Conflict
from deskcore.i18n import _
from deskcore.models import (
    Attachment,
    Customer,
    Delivery,
    Draft,
    Erasure,
    Event,
    Identity,
    InboundItem,
    Message,
    MessageChange,
    Notice,
    SearchDocument,
    Ticket,
)
from deskcore.plugin.active import plugins
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.parts import CustomerRef, Owned, PrivacyHandler
from deskcore.services import access, counters, privacy
from deskcore.services.lending import lent
from deskcore.services.unit import Unit, unit_of_work


@dataclass(frozen=True, kw_only=True)
class Erased:
    """How much went: tickets, and things of plugins."""

    tickets: int
    of_plugins: int


def erase(actor: Actor, customer_id: int) -> Erased:
    """Forget a customer; raises NotFound, or Conflict when a plugin could not, and keeps all then."""
    access.require(actor, privacy.RIGHT)
    with unit_of_work(actor) as unit:
        session = unit.session
        customer = privacy.ref(session, customer_id)
        ids = privacy.whole(session, customer_id)
        of_plugins = {
            owned.item.name: _erase_of(owned, session, customer)
            for owned in plugins().registry.privacy_handlers.all()
        }
        _remember(unit, ids)
        _empty_elsewhere(session, ids)
        tickets = _erase_tickets(session, ids)
        _erase_events(session, ids)
        _erase_letters(session, ids)
        session.execute(delete(Customer).where(Customer.id.in_(ids)))
        told: dict[str, object] = {"tickets": tickets, **of_plugins}
        unit.audit("customer.erased", f"#{customer_id}", after=told)
    return Erased(tickets=tickets, of_plugins=sum(of_plugins.values()))


def _erase_of(owned: Owned[PrivacyHandler], session: Session, customer: CustomerRef) -> int:
    place = f"erase {owned.item.name}"
    try:
        return plugins().guard.call(
            owned.slug, place, lambda: int(owned.item.erase(lent(session), customer))
        )
    except PluginFailed as failed:
        message = _(
            "Nothing was erased: the plugin %(slug)s could not forget what it keeps. Its page says "
            "why. Deactivate it to erase the rest.",
            slug=owned.slug,
        )
        raise Conflict(message) from failed


def _remember(unit: Unit, ids: list[int]) -> None:
    """Write down that they were erased; of who they were only what recognises them again."""
    for customer_id in ids:
        theirs = unit.session.scalars(select(Identity).where(Identity.customer_id == customer_id))
        unit.session.add(
            Erasure(
                customer_id=customer_id,
                identity_digests=sorted(_digest(one) for one in theirs),
                requested_by_id=unit.actor.id or None,
                at=unit.now,
                done_at=unit.now,
            )
        )


def _digest(identity: Identity) -> str:
    text = f"{identity.kind} {identity.scope} {identity.value}"
    return hashlib.sha256(text.encode()).hexdigest()


def _empty_elsewhere(session: Session, ids: list[int]) -> None:
    """Empty what they wrote on tickets of others: the place in the conversation stays."""
    theirs = select(Identity.id).where(Identity.customer_id.in_(ids))
    own = select(Ticket.id).where(Ticket.customer_id.in_(ids))
    is_elsewhere = Message.author_identity_id.in_(theirs), Message.ticket_id.not_in(own)
    places = session.execute(select(Message.id, Message.ticket_id).where(*is_elsewhere)).all()
    elsewhere = [row.id for row in places]
    _forget_originals(session, InboundItem.message_id.in_(elsewhere))
    for of_message in (Attachment, MessageChange, SearchDocument):
        session.execute(delete(of_message).where(of_message.message_id.in_(elsewhere)))
    nothing = {"author_name": "", "author_address": "", "subject": "", "visible": "", "quoted": ""}
    session.execute(
        update(Message)
        .where(Message.id.in_(elsewhere))
        .values(**nothing, html=None, remote_images=0, reply_to=[])
    )
    shown = Ticket.id.in_({row.ticket_id for row in places})
    session.execute(update(Ticket).where(shown).values(preview=""))


def _erase_letters(session: Session, ids: list[int]) -> None:
    """Forget that the desk mailed them a link to their requests."""
    addresses = select(Identity.value).where(Identity.customer_id.in_(ids))
    letters = select(Notice.delivery_id).where(
        Notice.user_id.is_(None), Notice.address.in_(addresses)
    )
    session.execute(delete(Delivery).where(Delivery.id.in_(letters)))


def _erase_tickets(session: Session, ids: list[int]) -> int:
    tickets = session.scalars(select(Ticket).where(Ticket.customer_id.in_(ids))).all()
    for ticket in tickets:
        counters.moved(session, counters.place(ticket), None)
    session.flush()
    numbers = [ticket.id for ticket in tickets]
    said = select(Message.id).where(Message.ticket_id.in_(numbers))
    _forget_originals(
        session, or_(InboundItem.ticket_id.in_(numbers), InboundItem.message_id.in_(said))
    )
    session.execute(delete(Draft).where(Draft.ticket_id.in_(numbers)))
    session.execute(delete(Ticket).where(Ticket.id.in_(numbers)))
    return len(numbers)


def _forget_originals(session: Session, which: ColumnElement[bool]) -> None:
    """Let go of mails as they came, and of their copies; that they came must stay known."""
    originals = select(InboundItem.id).where(which)
    session.execute(
        update(InboundItem)
        .where(or_(which, InboundItem.duplicate_of_id.in_(originals)))
        .values(digest=None, meta={}, reason="")
    )


def _erase_events(session: Session, ids: list[int]) -> None:
    theirs = Event.customer_id.in_(ids)
    session.execute(delete(Event).where(theirs, Event.ticket_id.is_(None)))
    session.execute(update(Event).where(theirs).values(customer_id=None))
