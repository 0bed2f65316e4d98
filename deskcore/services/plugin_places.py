"""Where plugins take part in a ticket: what hooks are told of it, and what they say to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from sqlalchemy import select

from deskcore.domain.kinds import QUESTION, Category, CustomerId, MailboxId, MessageId, TicketId
from deskcore.domain.people import Actor, UserRef
from deskcore.domain.views import CustomerPage, TicketPage, TicketRow
from deskcore.domain.writing import ReplyForm
from deskcore.errors import Invalid
from deskcore.models import Status, Ticket
from deskcore.plugin.active import plugins
from deskcore.plugin.page_parts import (
    Action,
    Column,
    ComposerTool,
    HelpPart,
    Link,
    MessageNote,
    MessageRef,
    Panel,
    RowRef,
    Widget,
)
from deskcore.plugin.parts import CustomerRef, Owned, ReplyDraft, TicketRef
from deskcore.services import access, drafts, ticket_kinds
from deskcore.services.unit import reading


class _Guarded(Protocol):
    @property
    def permission(self) -> str:
        """The right that it asks for, "" for none."""


P = TypeVar("P", bound=_Guarded)


def panels(actor: Actor, page: TicketPage) -> list[Owned[Panel]]:
    """Return the boxes that plugins show beside a ticket; asks the database nothing."""
    return _open_to(actor, plugins().hooks.ticket_panels(_shown(page), _user(actor)))


def customer_panels(actor: Actor, page: CustomerPage) -> list[Owned[Panel]]:
    """Return the boxes that plugins show on a customer's page."""
    customer = CustomerRef(
        id=CustomerId(page.id),
        name=page.name,
        addresses=tuple(address.value for address in page.addresses),
    )
    return _open_to(actor, plugins().hooks.customer_panels(customer, _user(actor)))


def actions(actor: Actor, page: TicketPage) -> list[Owned[Action]]:
    """Return what plugins let *actor* do with a ticket."""
    return _open_to(actor, plugins().hooks.ticket_actions(_shown(page), _user(actor)))


def composer_tools(actor: Actor, page: TicketPage) -> list[Owned[ComposerTool]]:
    """Return the buttons of plugins below an answer of *actor*'s."""
    return _open_to(actor, plugins().hooks.composer_tools(_shown(page), _user(actor)))


def widgets(actor: Actor) -> list[Owned[Widget]]:
    """Return the cards that plugins show on the administration's first page."""
    return _open_to(actor, plugins().hooks.dashboard_widgets(_user(actor)))


def message_notes(actor: Actor, page: TicketPage) -> list[Owned[MessageNote]]:
    """Return what plugins remark on the messages that a page shows."""
    hooks = plugins().hooks
    if not hooks.has_message_notes():
        return []
    messages = [
        MessageRef(
            id=MessageId(message.id),
            kind=message.kind,
            author_name=message.author_name,
            author_address=message.author_address,
            text=message.visible,
            at=message.at,
        )
        for message in page.messages
    ]
    return hooks.message_notes(_shown(page), messages, _user(actor))


def list_columns(actor: Actor, rows: Sequence[TicketRow]) -> list[Owned[Column]]:
    """Return what plugins say in the rows of a list."""
    hooks = plugins().hooks
    if not rows or not hooks.has_list_columns():
        return []
    tickets = [
        RowRef(
            id=TicketId(row.id),
            number=row.number,
            subject=row.subject,
            category=Category(row.category),
            customer_name=row.customer_name,
            kind=row.kind,
        )
        for row in rows
    ]
    return hooks.list_columns(tickets, _user(actor))


def customer_links(actor: Actor, customer_id: int) -> list[Link]:
    """Return the pages of plugins about a customer that *actor* may open."""
    found = plugins().hooks.customer_links(CustomerId(customer_id), _user(actor))
    return [owned.item for owned in _open_to(actor, found)]


def nav_items(actor: Actor) -> list[Owned[Link]]:
    """Return the pages of plugins that *actor* is offered in the nav."""
    return _open_to(actor, plugins().hooks.nav_items(_user(actor)))


def help_parts(language: str) -> list[Owned[HelpPart]]:
    """Return what plugins put on the help page, for everybody."""
    return plugins().hooks.help_parts(language)


def check_reply(actor: Actor, number: int, form: ReplyForm) -> None:
    """Raise Invalid with everything that plugins object to in a reply; outside a transaction."""
    if not plugins().hooks.checks_replies():
        return
    with reading() as session:
        row = access.get_visible(session, actor, number)
        if row.kind != QUESTION and ticket_kinds.answer_words(session, row, form.body.strip()):
            return  # the desk itself refuses it, in plainer words
        ticket = ticket_ref(row)
        kept = drafts.file_names(session, actor, row.id)
    draft = ReplyDraft(
        text=form.body,
        to=tuple(form.to),
        cc=tuple(form.cc),
        file_names=(*kept, *(upload.filename for upload in form.files)),
    )
    found = plugins().hooks.reply_check(draft, ticket, _user(actor))
    if found:
        raise Invalid([owned.item for owned in found])


def ticket_ref(ticket: Ticket, status: str = "") -> TicketRef:
    """Return a ticket as hooks see one; *status* is the key of its status, where it was read already."""
    return TicketRef(
        id=TicketId(ticket.id),
        number=ticket.number,
        subject=ticket.subject,
        category=Category(ticket.category),
        mailbox_id=MailboxId(ticket.mailbox_id),
        customer_id=CustomerId(ticket.customer_id) if ticket.customer_id else None,
        customer_name=ticket.customer_name,
        kind=ticket.kind,
        status=status or _status_key(ticket),
    )


def _status_key(ticket: Ticket) -> str:
    """Return the key of a ticket's status; a built-in one is called like its category."""
    if ticket.kind == QUESTION:
        return ticket.category
    with reading() as session:
        return session.scalars(select(Status.key).where(Status.id == ticket.status_id)).one()


def _shown(page: TicketPage) -> TicketRef:
    customer = page.customer
    return TicketRef(
        id=TicketId(page.id),
        number=page.number,
        subject=page.subject,
        category=Category(page.category),
        mailbox_id=MailboxId(page.mailbox_id),
        customer_id=CustomerId(customer.id) if customer else None,
        customer_name=customer.name if customer else "",
        kind=page.kind,
        status=page.status,
    )


def _open_to(actor: Actor, found: list[Owned[P]]) -> list[Owned[P]]:
    """Leave out what the reader has no right to."""
    rights = ((owned, owned.item.permission) for owned in found)
    return [owned for owned, right in rights if not right or access.can(actor, right)]


def _user(actor: Actor) -> UserRef:
    return UserRef(id=actor.id, name=actor.name, role=actor.role)
