"""The mailed way to a list of one's own requests, for whoever can read the mail of an address.

Whoever asks learns nothing of who has written to the shop: the answer is made before anybody
looks, and looking happens in the worker. A link is good for an hour and once; the browser that
went it sees the list for another hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.db import storable
from deskcore.domain.kinds import IdentityKind
from deskcore.domain.people import SYSTEM
from deskcore.errors import Invalid, NotFound, Problem
from deskcore.extensions import config
from deskcore.i18n import _, long_time_in, speaking
from deskcore.models import (
    Customer,
    Delivery,
    Identity,
    Notice,
    PublicLink,
    Ticket,
    TicketParticipant,
)
from deskcore.services import notice_letters, notices, outgoing, public_links
from deskcore.services.desk_settings import desk_settings
from deskcore.services.jobs import job
from deskcore.services.public_settings import read as read_settings
from deskcore.services.throttle import count_try
from deskcore.services.unit import Unit, reading, unit_of_work

LIFE = timedelta(hours=1)
PER_HOUR = 3  # strangers must not fill somebody's mailbox
MOST = 50
KIND = "requests"


@dataclass(frozen=True, kw_only=True)
class OwnRequest:
    """One request of a list; without a key its page was closed by the shop."""

    number: int
    subject: str
    category: str
    at: datetime
    key: str


@dataclass(frozen=True, kw_only=True)
class OwnRequests:
    """The requests of one address, latest first."""

    language: str
    requests: tuple[OwnRequest, ...]


def ask(typed: str, *, language: str, address: str = "") -> None:
    """Have a link sent to an address, if somebody wrote from it; the same work for every one.

    Raises Invalid for what is no address, TooManyTries while asking is slowed down.
    """
    found = outgoing.recipients("email", [str(storable(typed))])
    if len(found) != 1:
        raise Invalid([Problem(field="email", message=_("Enter one mail address."))])
    [email] = found
    count_try(f"requests {email}"[:320], address)
    with unit_of_work(SYSTEM) as unit:
        unit.enqueue("requests.link", {"email": email, "language": language})


@job("requests.link")
def send_link(email: str, language: str) -> None:
    """Mail the link, which ends earlier ones."""
    with unit_of_work(SYSTEM) as unit:
        identity = _asker(unit, email)
        if identity is None or not read_settings(unit.session).is_on:
            return
        _end(unit, identity.id, KIND)
        ends_at = unit.now + LIFE
        key = public_links.issue(unit, "requests", identity.id, expires_at=ends_at)
        desk = desk_settings()
        with speaking(language):
            letter = notice_letters.own_requests(
                shop=desk.name,
                link=f"{config().address}/requests/{key}",
                until=long_time_in(ends_at, desk.time_zone),
            )
        notices.write_to(unit, email, KIND, letter, useful_until=ends_at)


def is_good(key: str) -> bool:
    """Whether a mailed link has not been used and is not too old."""
    with reading() as session:
        return public_links.find(session, "requests", key, clock.now()) is not None


def arrive(key: str) -> str:
    """Use a mailed link up; returns the key of the visit. Raises NotFound for one that is over."""
    with unit_of_work(SYSTEM) as unit:
        link = public_links.find(unit.session, "requests", key, unit.now)
        if link is None:
            raise NotFound(_("This link was used already or is too old. Ask for a new one."))
        link.ended_at = unit.now
        for ticket_id in unit.session.scalars(_listed(link.identity_id)).all():
            public_links.ensure(unit, ticket_id, link.identity_id)
        return public_links.issue(unit, "visit", link.identity_id, expires_at=unit.now + LIFE)


def own_requests(visit: str) -> OwnRequests | None:
    """Return the list of whoever visits; None when the visit is over, or was none."""
    with reading() as session:
        link = public_links.find(session, "visit", visit, clock.now())
        if link is None:
            return None
        identity = session.get_one(Identity, link.identity_id)
        wanted = Ticket.id.in_(_listed(identity.id))
        rows = session.scalars(select(Ticket).where(wanted).order_by(Ticket.updated_at.desc()))
        return OwnRequests(
            language=session.get_one(Customer, identity.customer_id).locale,
            requests=tuple(_request(session, ticket, identity.id) for ticket in rows),
        )


def _asker(unit: Unit, email: str) -> Identity | None:
    """Return whom a link may be sent to: has written, can be reached, was not sent too many."""
    identity = unit.session.scalars(
        select(Identity)
        .join(Customer, Customer.id == Identity.customer_id)
        .where(
            Identity.kind == IdentityKind.EMAIL,
            Identity.value == email,
            Identity.is_bouncing.is_(False),
            Customer.erased_at.is_(None),
        )
    ).one_or_none()
    if identity is None or unit.session.scalars(_listed(identity.id)).first() is None:
        return None
    sent = unit.session.scalar(
        select(func.count())
        .select_from(Notice)
        .join(Delivery, Delivery.id == Notice.delivery_id)
        .where(
            Notice.kind == KIND,
            Notice.address == email,
            Delivery.created_at > unit.now - timedelta(hours=1),
        )
    )
    return identity if (sent or 0) < PER_HOUR else None


def _listed(identity_id: int) -> Select[int]:
    """Select the requests of an address: its own, none that it was only copied on."""
    return (
        select(Ticket.id)
        .join(TicketParticipant, TicketParticipant.ticket_id == Ticket.id)
        .where(
            TicketParticipant.identity_id == identity_id,
            TicketParticipant.role == "customer",
            Ticket.spam_at.is_(None),
            Ticket.deleted_at.is_(None),
            Ticket.merged_into_id.is_(None),
            Ticket.is_sample.is_(False),
        )
        .order_by(Ticket.id.desc())
        .limit(MOST)
    )


def _request(session: Session, ticket: Ticket, identity_id: int) -> OwnRequest:
    return OwnRequest(
        number=ticket.number,
        subject=ticket.subject,
        category=ticket.category,
        at=ticket.last_message_at or ticket.created_at,
        key=public_links.live_key(session, ticket.id, identity_id),
    )


def _end(unit: Unit, identity_id: int, purpose: str) -> None:
    unit.session.execute(
        update(PublicLink)
        .where(
            PublicLink.identity_id == identity_id,
            PublicLink.purpose == purpose,
            PublicLink.ended_at.is_(None),
        )
        .values(ended_at=unit.now)
    )
