"""Raises in every hook of a page and of a message's way."""

from __future__ import annotations

from deskcore.api import InboundMessage, OutboundMessage, Problem, UserRef
from deskcore.plugin import Judgement, Panel, ReplyDraft, TicketRef, hookimpl


@hookimpl
def desk_ticket_panels(ticket: TicketRef, user: UserRef) -> list[Panel]:
    raise KeyError("broken panel")


@hookimpl
def desk_inbound_verdict(message: InboundMessage) -> Judgement | None:
    raise RecursionError("broken verdict")


@hookimpl
def desk_inbound_prepare(message: InboundMessage) -> InboundMessage:
    raise MemoryError("broken preparation")


@hookimpl
def desk_reply_check(draft: ReplyDraft, ticket: TicketRef, user: UserRef) -> list[Problem]:
    raise OSError("broken check")


@hookimpl
def desk_outbound_prepare(message: OutboundMessage, ticket: TicketRef) -> OutboundMessage:
    raise LookupError("broken on the way out")
