"""Where plugins take part in a ticket: what hooks are told of it, and what they say to it."""

from __future__ import annotations

from dataclasses import dataclass

from deskcore.domain.kinds import Category, CustomerId, MailboxId, TicketId
from deskcore.domain.people import Actor, UserRef
from deskcore.domain.views import TicketPage
from deskcore.domain.writing import ReplyForm
from deskcore.errors import Invalid
from deskcore.models import Ticket
from deskcore.plugin.active import plugins
from deskcore.plugin.parts import Link, LostPanel, Owned, Panel, ReplyDraft, TicketRef
from deskcore.services import access, drafts
from deskcore.services.unit import reading


@dataclass(frozen=True, kw_only=True)
class LostBox:
    """A plugin whose boxes could not be shown beside a ticket."""

    slug: str
    name: str


def panels(actor: Actor, page: TicketPage) -> tuple[list[Owned[Panel]], list[LostBox]]:
    """Return the boxes that plugins show beside a ticket, and who failed to give theirs."""
    customer = page.customer
    ticket = TicketRef(
        id=TicketId(page.id),
        number=page.number,
        subject=page.subject,
        category=Category(page.category),
        mailbox_id=MailboxId(page.mailbox_id),
        customer_id=CustomerId(customer.id) if customer else None,
        customer_name=customer.name if customer else "",
    )
    found = plugins().hooks.ticket_panels(ticket, _user(actor))
    lost = [owned.slug for owned in found if isinstance(owned.item, LostPanel)]
    return (
        [owned for owned in found if owned.slug not in lost],
        [LostBox(slug=slug, name=plugins().manifests[slug].name) for slug in lost],
    )


def customer_links(actor: Actor, customer_id: int) -> list[Link]:
    """Return the pages of plugins about a customer that *actor* may open."""
    found = plugins().hooks.customer_links(CustomerId(customer_id), _user(actor))
    return [owned.item for owned in found if access.can(actor, owned.item.permission)]


def nav_items(actor: Actor) -> list[Owned[Link]]:
    """Return the pages of plugins that *actor* is offered in the nav."""
    found = plugins().hooks.nav_items(_user(actor))
    return [owned for owned in found if access.can(actor, owned.item.permission)]


def check_reply(actor: Actor, number: int, form: ReplyForm) -> None:
    """Raise Invalid with everything that plugins object to in a reply; outside a transaction."""
    if not plugins().hooks.checks_replies():
        return
    with reading() as session:
        ticket = ticket_ref(access.get_visible(session, actor, number))
    draft = ReplyDraft(
        text=form.body,
        to=tuple(form.to),
        cc=tuple(form.cc),
        file_names=(
            *(file.filename for file in drafts.get(actor, number, "reply").files),
            *(upload.filename for upload in form.files),
        ),
    )
    found = plugins().hooks.reply_check(draft, ticket, _user(actor))
    if found:
        raise Invalid([owned.item for owned in found])


def ticket_ref(ticket: Ticket) -> TicketRef:
    """Return a ticket as hooks see one."""
    return TicketRef(
        id=TicketId(ticket.id),
        number=ticket.number,
        subject=ticket.subject,
        category=Category(ticket.category),
        mailbox_id=MailboxId(ticket.mailbox_id),
        customer_id=CustomerId(ticket.customer_id) if ticket.customer_id else None,
        customer_name=ticket.customer_name,
    )


def _user(actor: Actor) -> UserRef:
    return UserRef(id=actor.id, name=actor.name, role=actor.role)
