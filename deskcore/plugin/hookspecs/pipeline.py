"""Hooks on the way of a message, in or out.

Fault: skips the plugin for this message; after five in ten minutes this one hook of the plugin
    rests for ten minutes. The plugin itself is never paused for it: mail goes on. In the worker a
    message waits 0.8 seconds for a plugin; until that comes back, no other message waits for it.
Since: 1
"""

from __future__ import annotations

from deskcore.domain.messages import InboundMessage, OutboundMessage
from deskcore.domain.people import UserRef
from deskcore.errors import Problem
from deskcore.plugin.markers import hookspec
from deskcore.plugin.parts import Judgement, ReplyDraft, TicketRef


@hookspec
def desk_inbound_verdict(message: InboundMessage) -> Judgement | None:
    """Judge a message that just came, or say nothing by ``None``.

    Of several judgements the strictest holds, with its reasons: accept, spam, loop, hold, banned.
    Nothing loses a message. Spam opens a ticket among the spam, but still joins a ticket that it
    answers; what is banned opens one of its own. Spam, banned and warned-of mail is never
    acknowledged.

    When: after parsing, before filing.
    Where: in the worker, outside any transaction.
    """
    raise NotImplementedError


@hookspec
def desk_inbound_prepare(message: InboundMessage) -> InboundMessage:
    """Change what will be filed, with ``dataclasses.replace``; each plugin gets what the last one gave.

    Who sent it, its ids, what ties it to a conversation and the kind of ticket it opens may not
    change. The raw item is stored and stays as it came.

    When: after the verdicts, before filing.
    Where: in the worker, outside any transaction.
    """
    raise NotImplementedError


@hookspec
def desk_reply_check(draft: ReplyDraft, ticket: TicketRef, user: UserRef) -> list[Problem]:
    """Object to a reply before it is queued; the agent sees every problem and may change it.

    When: an agent presses *Send*.
    Where: in the request, outside any transaction.
    Fault: skips the check, unless the manifest says ``guards = ["replies"]``: then it is an objection
        in itself.
    """
    raise NotImplementedError


@hookspec
def desk_outbound_prepare(message: OutboundMessage, ticket: TicketRef) -> OutboundMessage:
    """Change what is sent, with ``dataclasses.replace``, before it is rendered once for all tries.

    Sender, recipients, ids and references may not change: such an answer is a fault.

    When: before the first try of a delivery.
    Where: in the worker, outside any transaction.
    Fault: skips the plugin, unless the manifest says ``guards = ["replies"]``: then the message is
        held for a person.
    """
    raise NotImplementedError
