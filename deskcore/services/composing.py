"""Building the outbound value of a queued message: the same rows give the same value.

Nothing here decides who gets it: recipients come from the delivery's own rows.
"""

from __future__ import annotations

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session

from deskcore.config import desk_id
from deskcore.domain.html import from_text
from deskcore.domain.kinds import Audience, Direction
from deskcore.domain.messages import Address, OutboundFile, OutboundMessage
from deskcore.domain.public_views import Letter
from deskcore.domain.text import has_prefix
from deskcore.extensions import config, draw_letter
from deskcore.i18n import speaking
from deskcore.models import (
    Attachment,
    ChannelAccount,
    Customer,
    Delivery,
    Identity,
    Message,
    Ticket,
    TicketLeg,
)
from deskcore.services import channels, files, mailed_links, notices
from deskcore.services.desk_settings import desk_settings

MAX_REFERENCES = 20  # enough for any client; some gateways refuse very long headers


def compose(session: Session, delivery: Delivery) -> OutboundMessage:
    """Return what *delivery* says, complete."""
    if delivery.message_id is None:
        return notices.compose(session, delivery)
    message = session.get_one(Message, delivery.message_id)
    ticket = session.get_one(Ticket, delivery.ticket_id)
    account = session.get_one(ChannelAccount, delivery.account_id)
    references = _references(session, message)
    leg = session.get(TicketLeg, message.leg_id) if message.leg_id else None
    text, html = _said(session, delivery, message, ticket, account)
    return OutboundMessage(
        external_id=delivery.external_id,
        token=delivery.token,
        sender=Address(value=account.address, name=account.name),
        to=_addresses(session, account, message.to_addresses),
        cc=_addresses(session, account, message.cc_addresses),
        subject=_subject(message.subject, is_answer=bool(references)),
        text=text,
        html=html,
        references=references,
        files=_files(session, message),
        sent_at=message.sent_at or message.created_at,
        automatic=delivery.is_automatic,
        desk_id=desk_id(config()),
        ticket_number=ticket.number,
        conversation=leg.conversation if leg else "",
    )


def _said(
    session: Session, delivery: Delivery, message: Message, ticket: Ticket, account: ChannelAccount
) -> tuple[str, str]:
    """Return the words of an answer: a mail's are dressed by its templates."""
    if not channels.is_mail(account):
        text = "\n\n".join(part for part in (message.visible, message.quoted) if part)
        return text, from_text(text)
    desk = desk_settings()
    customer = session.get(Customer, ticket.customer_id) if ticket.customer_id else None
    recipients = (*message.to_addresses, *message.cc_addresses)
    letter = Letter(
        text=message.visible,
        html=Markup(from_text(message.visible)),  # noqa: S704  escaped there
        signature=message.quoted,
        signature_html=Markup(from_text(message.quoted)),  # noqa: S704  escaped there
        link=mailed_links.link_for(session, ticket, recipients),
        shop=desk.name,
        number=ticket.number,
    )
    with speaking((customer.locale if customer else "") or desk.language):
        return draw_letter("acknowledgement" if delivery.is_automatic else "reply", letter)


def _subject(subject: str, *, is_answer: bool) -> str:
    """Say "Re:" once on an answer; what the customer had there already stays as it was."""
    return f"Re: {subject}" if is_answer and not has_prefix(subject) else subject


def _references(session: Session, message: Message) -> tuple[str, ...]:
    """Return the ids of what was said before, the message answered last."""
    rows = session.execute(
        select(Message.external_id, Message.direction)
        .where(
            Message.ticket_id == message.ticket_id,
            Message.id < message.id,
            Message.audience == Audience.CUSTOMER,
            Message.external_id != "",
            Message.undone_at.is_(None),
        )
        .order_by(Message.id.desc())
        .limit(MAX_REFERENCES)
    ).all()
    ids = [row.external_id for row in reversed(rows)]
    answered = next((row.external_id for row in rows if row.direction == Direction.IN), None)
    if answered is not None:
        ids = [key for key in ids if key != answered] + [answered]
    return tuple(dict.fromkeys(ids))


def _addresses(session: Session, account: ChannelAccount, values: list[str]) -> tuple[Address, ...]:
    kind, scope = channels.known_by(account)
    known = session.execute(
        select(Identity.value, Identity.name).where(
            Identity.kind == kind, Identity.scope == scope, Identity.value.in_(values)
        )
    )
    names = {row.value: row.name for row in known}
    return tuple(Address(value=value, name=names.get(value, "")) for value in values)


def _files(session: Session, message: Message) -> tuple[OutboundFile, ...]:
    rows = session.scalars(
        select(Attachment).where(Attachment.message_id == message.id).order_by(Attachment.id)
    )
    return tuple(
        OutboundFile(
            filename=row.filename,
            content_type=row.content_type,
            content=files.read(row.digest),
            content_id=row.content_id,
        )
        for row in rows
    )
