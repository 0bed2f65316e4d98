"""Every hook as a typed method: how core calls plugins."""

from __future__ import annotations

from deskcore.domain.kinds import Verdict
from deskcore.domain.messages import InboundMessage, OutboundMessage
from deskcore.domain.people import UserRef
from deskcore.errors import Problem
from deskcore.plugin.channel import Channel
from deskcore.plugin.manager import DeskPluginManager
from deskcore.plugin.parts import Owned, Panel, ReplyDraft, Subscription, TicketRef

_STRICTNESS = {verdict: rank for rank, verdict in enumerate(Verdict)}

# What a plugin may not touch on the way out: the delivery's row says who gets it, as what.
_FIXED = ("external_id", "token", "sender", "to", "cc", "bcc", "references", "automatic")


class Hooks:
    """The plugins of one app, as core sees them.

    *guards* are the plugins whose failure must stop a reply instead of being skipped.
    """

    def __init__(self, manager: DeskPluginManager, *, guards: frozenset[str] = frozenset()) -> None:
        self._manager = manager
        self._guards = guards

    def ready(self) -> None:
        """Tell every plugin that this process is complete."""
        self._manager.notify("desk_ready")

    def channels_of(self, slug: str) -> list[type[Channel]]:
        """Ask one plugin for its channels; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_channels", type)

    def subscriptions_of(self, slug: str) -> list[Subscription]:
        """Ask one plugin for its subscriptions; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_subscriptions", Subscription)

    def ticket_panels(self, ticket: TicketRef, user: UserRef) -> list[Owned[Panel]]:
        """Return the boxes to show beside a ticket."""
        return self._manager.collect("desk_ticket_panels", Panel, ticket=ticket, user=user)

    def inbound_verdict(self, message: InboundMessage) -> Owned[Verdict] | None:
        """Return the strictest verdict on a message with its judge; None when nobody has one."""
        verdicts = self._manager.collect("desk_inbound_verdict", Verdict, message=message)
        return max(verdicts, key=lambda owned: _STRICTNESS[owned.item], default=None)

    def inbound_prepare(self, message: InboundMessage) -> InboundMessage:
        """Let plugins change what will be filed; whose message it is stays as it was."""
        return self._manager.chain(
            "desk_inbound_prepare", message, argument="message", objection=_inbound_objection
        )

    def reply_check(
        self, draft: ReplyDraft, ticket: TicketRef, user: UserRef
    ) -> list[Owned[Problem]]:
        """Return what plugins object to in a reply; a failed guard is an objection too."""
        return self._manager.collect(
            "desk_reply_check",
            Problem,
            substitute=self._failed_guard,
            draft=draft,
            ticket=ticket,
            user=user,
        )

    def outbound_prepare(self, message: OutboundMessage, ticket: TicketRef) -> OutboundMessage:
        """Let plugins change what is sent.

        Raises ``PluginFailed`` or ``Resting`` when a guard of replies cannot do its part: hold
        the message then.
        """
        return self._manager.chain(
            "desk_outbound_prepare",
            message,
            argument="message",
            objection=_outbound_objection,
            must=self._guards,
            ticket=ticket,
        )

    def _failed_guard(self, slug: str) -> list[Problem]:
        if slug not in self._guards:
            return []
        return [
            Problem(
                field="",
                message=f"The plugin {slug} must look at every reply and failed to. "
                "An administrator can turn it off.",
            )
        ]


def _inbound_objection(before: InboundMessage, after: InboundMessage) -> str:
    if (before.external_id, before.sender, before.keys) != (
        after.external_id,
        after.sender,
        after.keys,
    ):
        return "it changed whose message this is or where it belongs"
    return ""


def _outbound_objection(before: OutboundMessage, after: OutboundMessage) -> str:
    changed = [name for name in _FIXED if getattr(before, name) != getattr(after, name)]
    return f"it changed {', '.join(changed)}" if changed else ""
