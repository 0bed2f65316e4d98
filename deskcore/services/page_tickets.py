"""What somebody writes on a page of a plugin for customers, taken in as a ticket to come.

It goes the way of every mail: stored durably as an item of the mailbox's account, then judged and
filed in the worker. Its number is given at once, so that a receipt can name it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.db import storable
from deskcore.domain.messages import Address, InboundFile, InboundMessage
from deskcore.errors import Conflict, Invalid, Problem
from deskcore.extensions import config
from deskcore.i18n import _
from deskcore.models import ChannelAccount, InboundItem, Message, Ticket
from deskcore.plugin.running import require_own
from deskcore.plugin.ticket_parts import FieldValue, TicketField
from deskcore.services import (
    channels,
    inbound,
    outgoing,
    page_answers,
    public_links,
    ticket_fields,
    tickets,
)
from deskcore.services.drafts import sniffed_type
from deskcore.services.unit import reading, unit_of_work

MOST_FILES = 10
_KEY = re.compile(r"[\w-]{16,64}")


@dataclass(frozen=True, kw_only=True)
class PageField:
    """A field that a ticket gets from a page, and what it holds; its label is the owner's own words."""

    field: TicketField
    value: FieldValue


@dataclass(frozen=True, kw_only=True)
class PageTicket:
    """What somebody wrote on a page, to become a ticket, and what the page's owner adds.

    The same ``key`` (16 to 64 letters, digits, ``-`` or ``_``) twice is one ticket. ``mailbox_id`` 0
    is the first mailbox. Types of files are told by their bytes. ``facts`` are the plugin's own, by
    names that begin with its slug; its ``desk_inbound_verdict`` finds them among the headers.
    """

    key: str
    mailbox_id: int
    sender: Address
    subject: str
    text: str
    files: Sequence[InboundFile] = ()
    tags: Sequence[str] = ()
    team_id: int | None = None
    fields: Sequence[PageField] = ()
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of it: its number, and its customer's page once it is filed, "" before."""

    number: int
    url: str = ""


def take_in(slug: str, written: PageTicket) -> Taken:
    """Keep what somebody wrote on a page of the plugin; when this returns, it cannot be lost.

    Raises Invalid, with the fields ``email`` and ``files``, and Conflict in words when no mailbox
    could answer. Nothing is kept then.
    """
    require_own(slug, "a page's tickets")
    if not _KEY.fullmatch(written.key):
        raise ValueError("The key of a page's ticket has 16 to 64 letters or digits.")
    for each in written.fields:
        ticket_fields.read(each.field, ticket_fields.plain(each.value))
    known = taken(slug, written.key)
    if known is not None:
        return known
    message = _message(written)
    opening = page_answers.Opening(
        team_id=written.team_id,
        tags=written.tags,
        fields=[(each.field, each.value) for each in written.fields],
    )
    with unit_of_work() as unit:
        account_id = _account(unit.session, written.mailbox_id).id
        number = tickets.next_number(unit)
    raw = page_answers.new_item(
        message, opening, external_id=_name(slug, written.key), number=number, at=clock.now()
    )
    inbound.store(account_id, [raw])
    return taken(slug, written.key) or Taken(number=number)


def taken(slug: str, key: str) -> Taken | None:
    """Return what became of what was written under *key*; None for a key that nothing was."""
    require_own(slug, "a page's tickets")
    with reading() as session:
        row = session.execute(
            select(InboundItem.meta, InboundItem.ticket_id, InboundItem.message_id).where(
                InboundItem.account_id.in_(select(ChannelAccount.id)),
                InboundItem.external_id == _name(slug, key),
            )
        ).first()
        if row is None:
            return None
        return Taken(number=page_answers.number_in(row.meta), url=_url(session, row.message_id))


def _url(session: Session, message_id: int | None) -> str:
    """Return the page of whoever wrote the message, while it opens something."""
    found = session.execute(
        select(Ticket.id, Message.author_identity_id)
        .join(Message, Message.ticket_id == Ticket.id)
        .where(Message.id == message_id, Ticket.deleted_at.is_(None), Ticket.spam_at.is_(None))
    ).one_or_none()
    if found is None or found.author_identity_id is None:
        return ""
    key = public_links.live_key(session, found.id, found.author_identity_id)
    return f"/r/{key}" if key else ""


def _name(slug: str, key: str) -> str:
    return f"page:{slug}:{key}"


def _account(session: Session, mailbox_id: int) -> ChannelAccount:
    """Return the account by which the ticket will be answered: one that writes mail."""
    statement = select(ChannelAccount).order_by(ChannelAccount.mailbox_id, ChannelAccount.id)
    if mailbox_id:
        statement = statement.where(ChannelAccount.mailbox_id == mailbox_id)
    for account in session.scalars(statement):
        if channels.is_mail(account):
            return account
    raise Conflict(_("This cannot be sent at the moment: we have no mailbox to answer from."))


def _message(written: PageTicket) -> InboundMessage:
    problems = []
    try:
        [address] = outgoing.recipients("email", [written.sender.value])
    except (Invalid, ValueError):
        address = ""
        told = _("Enter a mail address, like name@example.com. Our answer goes there.")
        problems.append(Problem(field="email", message=told))
    if len(written.files) > MOST_FILES:
        told = _("Add at most %(count)d files at once.", count=MOST_FILES)
        problems.append(Problem(field="files", message=told))
    most = config().max_file_bytes
    if sum(len(file.content) for file in written.files) > most:
        told = _("The files are over %(limit)d MB together.", limit=most // (1024 * 1024))
        problems.append(Problem(field="files", message=told))
    if problems:
        raise Invalid(problems)
    name = " ".join(str(storable(written.sender.name)).split())
    return InboundMessage(
        external_id="",
        sender=Address(value=address, name=name),
        subject=" ".join(str(storable(written.subject)).split()),
        text=str(storable(written.text)),
        files=tuple(
            InboundFile(
                filename=file.filename,
                content_type=sniffed_type(file.content, file.filename),
                content=file.content,
            )
            for file in written.files
        ),
        headers=written.facts,
    )
