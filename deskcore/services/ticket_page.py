"""Everything the page of one ticket shows, with a fixed number of statements.

The number does not depend on how many messages, files or events there are; tests hold it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from deskcore.domain.messages import address_in
from deskcore.domain.people import Actor
from deskcore.domain.views import (
    AddressView,
    CustomerCard,
    EventLine,
    MessageView,
    Recipients,
    TicketPage,
)
from deskcore.domain.writing import DraftView, FileView
from deskcore.errors import NotFound
from deskcore.i18n import _
from deskcore.models import (
    Attachment,
    Company,
    Customer,
    Draft,
    Event,
    Identity,
    Mailbox,
    Message,
    Status,
    Ticket,
    TicketParticipant,
    TicketSeen,
)
from deskcore.services import access, ticket_choices, ticket_flow, ticket_thread
from deskcore.services.prepared import Found, light
from deskcore.services.unit import reading

SHOWN_EVENTS = 200

_DRAFTS = select(*Draft.__table__.c).where(
    Draft.ticket_id == bindparam("ticket_id"), Draft.user_id == bindparam("actor_id")
)
_SHOWN = (
    "ticket.opened", "ticket.assigned", "ticket.status_changed", "ticket.reopened",
    "ticket.tagged", "ticket.flagged", "ticket.moved", "ticket.renamed", "ticket.field_changed", "reply.undone",
    "answer.withheld",
)  # fmt: skip
_EVENTS = (
    select(Event.id, Event.name, Event.at, Event.actor_kind, Event.actor_name, Event.data)
    .where(
        Event.ticket_id == bindparam("ticket_id"),
        Event.name.in_(_SHOWN),
    )
    .order_by(Event.id.desc())
    .limit(SHOWN_EVENTS)
)


def read(actor: Actor, number: int, *, all_messages: bool = False) -> TicketPage:
    """Return the ticket with this number as *actor* sees it.

    Of a very long thread the newest messages are given unless *all_messages*. Raises NotFound when
    there is none, or it is not for *actor*.
    """
    with reading() as session:
        access.require(actor, "ticket.read", session)
        head = _head(session, actor, number)
        files, drafts = _files(session, head.id, actor), _drafts(session, actor, head.id)
        thread = ticket_thread.read(session, head.id, seen=head.seen or 0, everything=all_messages)
        messages = tuple(
            _with_files(message, files[("message", message.id)]) for message in thread.messages
        )
        people = _people(session, head)
        choices = ticket_choices.read(session, actor, head)
        return TicketPage(
            **_plain(head),
            tags=choices.tags,
            messages=messages,
            has_earlier=thread.has_earlier,
            events=_events(session, head.id),
            seen_upto=thread.newest_id,
            recipients=recipients(messages, people, head.customer_name, thread.sender),
            customer=_customer(head, people, choices.others),
            people=tuple(person for person in people if person.role),
            drafts={mode: _draft(row, files[("draft", row.id)]) for mode, row in drafts.items()},
            statuses=choices.statuses,
            agents=choices.agents,
            mailboxes=choices.mailboxes,
            flow=ticket_flow.read(session, actor, head, choices.statuses),
        )


def recipients(
    messages: tuple[MessageView, ...],
    people: tuple[AddressView, ...],
    customer_name: str,
    sender: str,
) -> Recipients:
    """Return who an answer goes to: whoever wrote last, with those who were copied then.

    Without a customer's message it goes to whom the desk last wrote, else to the customer's first
    address. Addresses of ours are never answered.
    """
    spoken = [m for m in messages if m.kind != "note" and not m.is_undone and not m.is_automatic]
    last = next((m for m in reversed(spoken) if m.kind == "customer"), None)
    own = next((m for m in reversed(spoken) if m.kind == "agent"), None)
    bouncing = {person.value for person in people if person.is_bouncing}
    if last is not None and last.author_address:
        to = last.reply_to or (last.author_address,)
        copied = dict.fromkeys(map(address_in, last.cc))
        cc = tuple(address for address in copied if address not in (*to, sender))
        name = last.author_name or to[0]
    elif own is not None:
        to, cc, name = own.to, own.cc, customer_name
    else:
        to = tuple(person.value for person in people if person.kind == "email")[:1]
        cc, name = (), customer_name
    return Recipients(
        to=to,
        cc=cc,
        name=name or ", ".join(to),
        sender=sender,
        is_bouncing=any(address in bouncing for address in to),
    )


def _head(session: Session, actor: Actor, number: int) -> Found:
    statement = _head_statement(everything=access.sees_everything(actor))
    found = light(session, statement, {**access.reach(actor), "number": number})
    if not found:
        message = _("There is no such ticket, or it is in a mailbox you cannot see.")
        raise NotFound(message)
    return found[0]


@lru_cache(maxsize=2)
def _head_statement(*, everything: bool) -> Select[*tuple[Any, ...]]:
    merged, resembled = aliased(Ticket), aliased(Ticket)
    seen = and_(TicketSeen.ticket_id == Ticket.id, TicketSeen.user_id == bindparam("actor_id"))
    return (
        select(
            Ticket.id,
            Ticket.number,
            Ticket.subject,
            Ticket.version,
            Ticket.kind,
            Ticket.category,
            Ticket.mailbox_id,
            Ticket.channel,
            Ticket.assignee_id,
            Ticket.status_id,
            Ticket.customer_id,
            Ticket.customer_name,
            Ticket.created_at,
            Ticket.waiting_since,
            Ticket.message_count,
            Ticket.spam_at,
            Ticket.deleted_at,
            Status.key.label("status"),
            Status.label.label("own_status"),
            Mailbox.name.label("mailbox_name"),
            func.coalesce(merged.number, 0).label("merged_into"),
            func.coalesce(resembled.number, 0).label("resembles"),
            Customer.name.label("person_name"),
            Customer.notes.label("person_notes"),
            Customer.created_at.label("person_since"),
            Company.id.label("company_id"),
            Company.name.label("company_name"),
            TicketSeen.message_id.label("seen"),
        )
        .join(Status, Status.id == Ticket.status_id)
        .join(Mailbox, Mailbox.id == Ticket.mailbox_id)
        .outerjoin(merged, _shown(merged, Ticket.merged_into_id, everything=everything))
        .outerjoin(resembled, _shown(resembled, Ticket.resembles_id, everything=everything))
        .outerjoin(Customer, Customer.id == Ticket.customer_id)
        .outerjoin(Company, Company.id == Customer.company_id)
        .outerjoin(TicketSeen, seen)
        .where(Ticket.number == bindparam("number"), access.tickets_in_reach(everything=everything))
    )


def _shown(
    other: type[Ticket], named: InstrumentedAttribute[int | None], *, everything: bool
) -> ColumnElement[bool]:
    """Join another ticket in reach: the number of any other would give it away."""
    return and_(other.id == named, access.tickets_in_reach(everything=everything, of=other))


def _plain(head: Found) -> dict[str, Any]:
    same = (
        "id", "number", "subject", "version", "kind", "category", "status", "own_status", "mailbox_id", "mailbox_name",
        "channel", "assignee_id", "merged_into", "resembles", "created_at", "waiting_since",
        "message_count",
    )  # fmt: skip
    values = {name: getattr(head, name) for name in same}
    return values | {
        "is_spam": head.spam_at is not None,
        "is_deleted": head.deleted_at is not None,
    }


def _files(
    session: Session, ticket_id: int, actor: Actor
) -> Mapping[tuple[str, int], tuple[FileView, ...]]:
    found: dict[tuple[str, int], tuple[FileView, ...]] = defaultdict(tuple)
    for row in light(session, _files_statement(), {"ticket_id": ticket_id, "actor_id": actor.id}):
        key = ("message", row.message_id) if row.message_id else ("draft", row.draft_id)
        found[key] += (
            FileView(
                public_id=row.public_id,
                filename=row.filename,
                content_type=row.content_type,
                size=row.size,
                is_inline=row.is_inline,
            ),
        )
    return found


@lru_cache(maxsize=1)
def _files_statement() -> Select[*tuple[Any, ...]]:
    ticket_id: BindParameter[int] = bindparam("ticket_id")
    reader: BindParameter[int] = bindparam("actor_id")
    messages = select(Message.id).where(Message.ticket_id == ticket_id)
    drafts = select(Draft.id).where(Draft.ticket_id == ticket_id, Draft.user_id == reader)
    return (
        select(
            Attachment.message_id,
            Attachment.draft_id,
            Attachment.public_id,
            Attachment.filename,
            Attachment.content_type,
            Attachment.size,
            Attachment.is_inline,
        )
        .where(
            or_(Attachment.message_id.in_(messages), Attachment.draft_id.in_(drafts)),
            Attachment.is_remote.is_(False),
        )
        .order_by(Attachment.id)
    )


def _with_files(message: MessageView, files: tuple[FileView, ...]) -> MessageView:
    if not files:
        return message
    return message._replace(files=files)


def _drafts(session: Session, actor: Actor, ticket_id: int) -> dict[str, Found]:
    found = light(session, _DRAFTS, {"ticket_id": ticket_id, "actor_id": actor.id})
    return {row.mode: row for row in found}


def _draft(row: Found, files: tuple[FileView, ...]) -> DraftView:
    return DraftView(
        id=row.id,
        mode=row.mode,
        body=row.body,
        to=tuple(row.to_addresses),
        cc=tuple(row.cc_addresses),
        subject=row.subject,
        mailbox_id=row.mailbox_id,
        version=row.version,
        updated_at=row.updated_at,
        files=files,
    )


def _people(session: Session, head: Found) -> tuple[AddressView, ...]:
    """Return the customer's addresses and everybody on the ticket, oldest first."""
    values = {"ticket_id": head.id, "customer_id": head.customer_id or 0}
    rows = light(session, _people_statement(), values)
    return tuple(AddressView(**row._asdict()) for row in rows)


@lru_cache(maxsize=1)
def _people_statement() -> Select[*tuple[Any, ...]]:
    ticket_id: BindParameter[int] = bindparam("ticket_id")
    on_ticket = and_(
        TicketParticipant.identity_id == Identity.id, TicketParticipant.ticket_id == ticket_id
    )
    return (
        select(
            Identity.id.label("identity_id"),
            Identity.customer_id,
            Identity.kind,
            Identity.value,
            Identity.name,
            Identity.is_bouncing,
            func.coalesce(TicketParticipant.role, "").label("role"),
        )
        .outerjoin(TicketParticipant, on_ticket)
        .where(
            or_(
                Identity.customer_id == bindparam("customer_id"),
                Identity.id.in_(
                    select(TicketParticipant.identity_id).where(
                        TicketParticipant.ticket_id == ticket_id
                    )
                ),
            )
        )
        .order_by(Identity.id)
    )


def _customer(
    head: Found, people: tuple[AddressView, ...], others: tuple[Any, ...]
) -> CustomerCard | None:
    if head.customer_id is None:
        return None
    return CustomerCard(
        id=head.customer_id,
        name=head.person_name or head.customer_name,
        company_id=head.company_id,
        company_name=head.company_name or "",
        since=head.person_since,
        notes=head.person_notes or "",
        addresses=tuple(person for person in people if person.customer_id == head.customer_id),
        others=others,
    )


def _events(session: Session, ticket_id: int) -> tuple[EventLine, ...]:
    rows = light(session, _EVENTS, {"ticket_id": ticket_id})
    return tuple(EventLine(**row._asdict()) for row in reversed(rows))
