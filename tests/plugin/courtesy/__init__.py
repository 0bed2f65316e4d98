"""A made-up plugin with good manners: the reference for hooks on a message's way and of life."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deskcore.api import InboundMessage, OutboundMessage, Problem, UserRef, _
from deskcore.plugin import Panel, ReplyDraft, TicketRef, hookimpl

from . import farewell

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

GATEWAY_MARK = "[EXTERNAL] "


@hookimpl
def desk_activate(session: Session) -> None:
    """Begin with a farewell that somebody may change later."""
    farewell.begin(session)


@hookimpl
def desk_deactivate(session: Session) -> None:
    """Turn the sign in the window: nobody says farewell for the moment."""
    farewell.turn_sign(session, "closed")


@hookimpl
def desk_ticket_panels(ticket: TicketRef, user: UserRef) -> list[Panel]:
    """Remind the agent of whom they write to."""
    name = ticket.customer_name or _("somebody without a name")
    return [
        Panel(title=_("Manners"), body=_("%(user)s, this is %(name)s.", user=user.name, name=name))
    ]


@hookimpl
def desk_inbound_prepare(message: InboundMessage) -> InboundMessage:
    """Take the mark off that a mail gateway puts before subjects."""
    return replace(message, subject=message.subject.removeprefix(GATEWAY_MARK))


@hookimpl
def desk_reply_check(draft: ReplyDraft) -> list[Problem]:
    """Object to an answer that speaks of a file it does not have."""
    if "attached" not in draft.text.lower() or draft.file_names:
        return []
    return [Problem(field="body", message=_("You write of a file, but none is attached."))]


@hookimpl
def desk_outbound_prepare(message: OutboundMessage) -> OutboundMessage:
    """Say farewell under what people write, not under what the desk sends by itself."""
    if message.automatic:
        return message
    return replace(message, text=f"{message.text}\n\n{farewell.words()}")
