"""The markup of one message and where its inline pictures are; cleaning is done when it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from deskcore.domain.people import Actor
from deskcore.errors import NotFound
from deskcore.i18n import _
from deskcore.models import Attachment, Message, Ticket
from deskcore.services import access
from deskcore.services.unit import reading


@dataclass(frozen=True, kw_only=True)
class MessageBody:
    """Untrusted markup, its text as it was split, and its own pictures.

    ``images`` are public ids by bare content id, those of remote pictures by their ``image_key``.
    """

    html: str
    visible: str
    quoted: str
    images: dict[str, str]


def read(actor: Actor, message_id: int) -> MessageBody:
    """Return the markup of a message; raises NotFound for plain ones and those not for *actor*."""
    with reading() as session:
        access.require(actor, "ticket.read", session)
        row = session.execute(
            select(Message.html, Message.visible, Message.quoted)
            .join(Ticket, Ticket.id == Message.ticket_id)
            .where(Message.id == message_id, access.visible_tickets(actor))
        ).one_or_none()
        if row is None or row.html is None:
            message = _("There is no such message, or it is in a mailbox you cannot see.")
            raise NotFound(message)
        images = session.execute(
            select(Attachment.content_id, Attachment.public_id).where(
                Attachment.message_id == message_id, Attachment.content_id != ""
            )
        )
        return MessageBody(
            html=row.html,
            visible=row.visible,
            quoted=row.quoted,
            images={image.content_id: image.public_id for image in images},
        )
