"""One customer as a whole: who it is, what plugins keep of them, and who may ask for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from deskcore.domain.kinds import CustomerId, PluginState
from deskcore.domain.people import Actor
from deskcore.errors import NotFound
from deskcore.i18n import _
from deskcore.models import Customer, Identity, Message, Ticket
from deskcore.plugin.active import plugins
from deskcore.plugin.parts import CustomerRef
from deskcore.services import access, plugin_records
from deskcore.services.unit import reading

RIGHT = "customer.erase"


@dataclass(frozen=True, kw_only=True)
class Held:
    """What is held of a customer, by its size; ``kept`` says in words what plugins keep.

    ``away`` are plugins that are not active: they cannot be asked.
    """

    id: int
    name: str
    tickets: int
    messages: int
    kept: Sequence[str]
    away: Sequence[str]


def held(actor: Actor, customer_id: int) -> Held:
    """Say what is held of a customer; raises NotFound."""
    access.require(actor, RIGHT)
    with reading() as session:
        customer = ref(session, customer_id)
        ids = whole(session, customer_id)
        tickets = select(Ticket.id).where(Ticket.customer_id.in_(ids))
        known = plugin_records.kept(session)
        return Held(
            id=customer.id,
            name=customer.name or next(iter(customer.addresses), ""),
            tickets=session.scalar(select(func.count()).select_from(tickets.subquery())) or 0,
            messages=session.scalar(
                select(func.count(Message.id)).where(Message.ticket_id.in_(tickets))
            )
            or 0,
            kept=[owned.item.label for owned in plugins().registry.privacy_handlers.all()],
            away=sorted(
                slug
                for slug, plugin in known.items()
                if slug not in plugins().manifests and plugin.state != PluginState.MISSING
            ),
        )


def ref(session: Session, customer_id: int) -> CustomerRef:
    """Return a customer as plugins are told of them; raises NotFound."""
    row = session.get(Customer, customer_id)
    if row is None:
        raise NotFound(_("There is no such customer."))
    of_them = select(Identity.value).where(Identity.customer_id.in_(whole(session, customer_id)))
    return CustomerRef(
        id=CustomerId(customer_id),
        name=row.name,
        addresses=tuple(session.scalars(of_them.order_by(Identity.id))),
    )


def whole(session: Session, customer_id: int) -> list[int]:
    """Return the ids of a customer and of those who were merged into them."""
    merged = select(Customer.id).where(Customer.merged_into_id == customer_id)
    return [customer_id, *session.scalars(merged)]
