"""What a customer does on the page of their request: answer, add files, solve, reopen."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.db import storable
from deskcore.domain.filenames import safe_filename
from deskcore.domain.kinds import Category, IdentityKind
from deskcore.domain.messages import Address, InboundFile, InboundMessage, ThreadKeys
from deskcore.domain.people import Actor
from deskcore.domain.writing import Upload
from deskcore.errors import Conflict, Invalid, Problem
from deskcore.extensions import config
from deskcore.i18n import _
from deskcore.models import ChannelAccount, TicketLeg
from deskcore.services import (
    channels,
    counters,
    follow_up,
    inbound,
    outgoing,
    page_answers,
    tickets,
)
from deskcore.services.drafts import sniffed_type
from deskcore.services.follow_up import Holder
from deskcore.services.throttle import count_try
from deskcore.services.unit import reading, unit_of_work

LONGEST = 20_000
MOST_FILES = 10
_FORM_KEY = re.compile(r"[\w-]{16,64}")


def answer(key: str, text: str, uploads: Sequence[Upload], *, form_key: str) -> None:
    """Take in what a customer wrote; the same form twice is one answer.

    Raises Invalid for nothing at all or too much, TooManyTries when they come at a machine's pace,
    NotFound for a key that opens nothing, Conflict when no mailbox could be answered from.
    """
    text = str(storable(text)).replace("\r\n", "\n").strip()
    added = _checked(text, uploads)
    with reading() as session:
        holder = follow_up.hold(session, key)
        leg, account = _way(session, holder)
    count_try(f"answer {holder.link_id}", f"page {holder.link_id}")
    form_key = form_key if _FORM_KEY.fullmatch(form_key) else secrets.token_urlsafe(16)
    message = InboundMessage(
        external_id="",
        sender=Address(value=holder.identity.value, name=holder.identity.name),
        subject=holder.ticket.subject,
        text=text,
        files=added,
        keys=ThreadKeys(conversation=(leg.conversation or None) if leg else None),
    )
    raw = page_answers.raw_item(
        message,
        external_id=f"page:{holder.link_id}:{form_key}",
        ticket_id=holder.ticket.id,
        at=clock.now(),
    )
    inbound.store(account.id, [raw])


def solve(key: str) -> None:
    """Let a customer say that they need nothing more."""
    _set_status(key, "solved")


def reopen(key: str) -> None:
    """Let a customer say that it is not done."""
    _set_status(key, "open")


def _set_status(key: str, status_key: str) -> None:
    with reading() as session:
        holder = follow_up.hold(session, key)
    actor = Actor(kind="customer", id=holder.customer.id, name=holder.customer.name)
    with unit_of_work(actor) as unit:
        ticket = follow_up.hold(unit.session, key).ticket
        is_solved = ticket.category == Category.SOLVED
        if not follow_up.can_close(ticket) or is_solved == (status_key == "solved"):
            return  # pressed twice, or somebody was quicker
        with counters.changing(unit, ticket):
            if status_key == "open" and ticket.waiting_since is None:
                ticket.waiting_since = unit.now
            tickets.set_status(unit, ticket, tickets.status_of(unit.session, status_key))


def _way(session: Session, holder: Holder) -> tuple[TicketLeg | None, ChannelAccount]:
    """Return by which way of the ticket this customer's words come in."""
    found = session.execute(
        select(TicketLeg, ChannelAccount)
        .join(ChannelAccount, ChannelAccount.id == TicketLeg.account_id)
        .where(TicketLeg.ticket_id == holder.ticket.id, TicketLeg.identity_id == holder.identity.id)
        .order_by(TicketLeg.id.desc())
        .limit(1)
    ).one_or_none()
    if found is not None:
        return found[0], found[1]
    account = outgoing.account_for(session, holder.ticket.mailbox_id)
    is_mail = holder.identity.kind == IdentityKind.EMAIL
    if account is None or not (is_mail and channels.is_mail(account)):
        raise Conflict(_("This cannot be answered here. Write to us as you did before."))
    return None, account


def _checked(text: str, uploads: Sequence[Upload]) -> tuple[InboundFile, ...]:
    limit, problems = config().max_file_bytes, []
    if not text and not uploads:
        problems.append(Problem(field="text", message=_("Write something, or add a file.")))
    if len(text) > LONGEST:
        problem = _("Use at most %(count)d characters; send the rest as a file.", count=LONGEST)
        problems.append(Problem(field="text", message=problem))
    if len(uploads) > MOST_FILES:
        problem = _("Add at most %(count)d files at once.", count=MOST_FILES)
        problems.append(Problem(field="files", message=problem))
    problems += [
        Problem(
            field="files",
            message=_(
                "“%(name)s” is over %(limit)d MB; nothing was added.",
                name=safe_filename(upload.filename),
                limit=limit // (1024 * 1024),
            ),
        )
        for upload in uploads
        if len(upload.content) > limit
    ]
    if problems:
        raise Invalid(problems)
    return tuple(
        InboundFile(
            filename=upload.filename,
            content_type=sniffed_type(upload.content, upload.filename),
            content=upload.content,
        )
        for upload in uploads
    )
