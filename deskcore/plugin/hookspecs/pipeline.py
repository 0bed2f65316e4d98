"""Hooks on the way of a message, in or out.

A fault skips the plugin for this message; after five in ten minutes this one hook of the plugin
rests for ten minutes. The plugin itself is never paused for it: mail goes on.
"""

from __future__ import annotations

from deskcore.domain.messages import InboundMessage, OutboundMessage
from deskcore.domain.people import UserRef
from deskcore.errors import Problem
from deskcore.plugin.markers import hookspec
from deskcore.plugin.parts import Judgement, ReplyDraft, TicketRef


@hookspec
def desk_inbound_verdict(message: InboundMessage) -> Judgement | None:
    """Judge a message that just came; of several judgements the strictest holds, with its reasons.

    Called in the worker after parsing and before filing, outside any transaction. ``None`` is no
    opinion. There is no verdict that loses a message.
    """
    raise NotImplementedError


@hookspec
def desk_inbound_prepare(message: InboundMessage) -> InboundMessage:
    """Change what will be filed; each plugin gets what the one before it returned.

    Called in the worker after the verdicts. The raw item is stored and stays as it came.
    """
    raise NotImplementedError


@hookspec
def desk_reply_check(draft: ReplyDraft, ticket: TicketRef, user: UserRef) -> list[Problem]:
    """Object to a reply before it is queued; the agent sees every problem and may change it.

    Called in the request. A fault skips the check, unless the manifest says
    ``guards = ["replies"]``: then it is an objection in itself.
    """
    raise NotImplementedError


@hookspec
def desk_outbound_prepare(message: OutboundMessage, ticket: TicketRef) -> OutboundMessage:
    """Change what is sent, before it is rendered once for all tries.

    Called in the worker. Recipients, ids and threading may not change: such an answer is a fault.
    A fault skips the plugin, unless the manifest says ``guards = ["replies"]``: then the message
    is held for a person.
    """
    raise NotImplementedError
