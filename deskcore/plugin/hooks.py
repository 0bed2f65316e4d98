"""Every hook as a typed method: how core calls plugins."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from flask import Blueprint
from sqlalchemy.orm import Session

from deskcore.domain.kinds import CustomerId, Verdict
from deskcore.domain.messages import InboundMessage, OutboundMessage
from deskcore.domain.people import Permission, UserRef
from deskcore.errors import Problem
from deskcore.plugin.channel import Channel, HealthCheck
from deskcore.plugin.guard import parts_left_out
from deskcore.plugin.manager import DeskPluginManager
from deskcore.plugin.offers import Service
from deskcore.plugin.page_parts import (
    Action,
    Asset,
    Column,
    ComposerTool,
    HelpPart,
    Link,
    LostPanel,
    MessageNote,
    MessageRef,
    Panel,
    RowRef,
    Widget,
)
from deskcore.plugin.parts import (
    CustomerRef,
    JobType,
    Judgement,
    Owned,
    PrivacyHandler,
    ReplyDraft,
    Subscription,
    TicketRef,
)
from deskcore.plugin.settings import PluginSettings
from deskcore.plugin.ticket_kinds import TicketKind
from deskcore.plugin.ticket_parts import Placeholder, SearchTerm, TicketField

LAST = 1_000_000
_RANKS = {verdict: rank for rank, verdict in enumerate(Verdict)}

# What a plugin may not touch on the way out: the delivery's row says who gets it, as what.
_FIXED = (
    "external_id",
    "token",
    "sender",
    "to",
    "cc",
    "bcc",
    "references",
    "automatic",
    "conversation",
)


class Hooks:
    """The plugins of one app, as core sees them.

    *guards* are the plugins whose failure must stop a reply instead of being skipped.
    """

    def __init__(self, manager: DeskPluginManager, *, guards: frozenset[str] = frozenset()) -> None:
        self._manager = manager
        self._guards = guards

    def activate(self, slug: str, session: Session) -> None:
        """Let one plugin make what it begins with; raises ``PluginFailed``."""
        self._manager.one(slug, "desk_activate", object, session=session)

    def deactivate(self, slug: str, session: Session) -> None:
        """Let one plugin stop what must not go on by itself; raises ``PluginFailed``."""
        self._manager.one(slug, "desk_deactivate", object, session=session)

    def channels_of(self, slug: str) -> list[type[Channel]]:
        """Ask one plugin for its channels; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_channels", type)

    def subscriptions_of(self, slug: str) -> list[Subscription]:
        """Ask one plugin for its subscriptions; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_subscriptions", Subscription)

    def blueprints_of(self, slug: str) -> list[Blueprint]:
        """Ask one plugin for its pages; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_blueprints", Blueprint)

    def settings_of(self, slug: str) -> list[type[PluginSettings]]:
        """Ask one plugin for its settings, at most one class; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_settings", type)

    def permissions_of(self, slug: str) -> list[Permission]:
        """Ask one plugin for its rights; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_permissions", Permission)

    def jobs_of(self, slug: str) -> list[JobType]:
        """Ask one plugin for its background work; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_jobs", JobType)

    def privacy_handlers_of(self, slug: str) -> list[PrivacyHandler]:
        """Ask one plugin what it keeps of customers; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_privacy_handlers", PrivacyHandler)

    def ticket_fields_of(self, slug: str) -> list[TicketField]:
        """Ask one plugin for further fields of tickets; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_ticket_fields", TicketField)

    def placeholders_of(self, slug: str) -> list[Placeholder]:
        """Ask one plugin for placeholders of texts; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_placeholders", Placeholder)

    def ticket_kinds_of(self, slug: str) -> list[TicketKind]:
        """Ask one plugin for its kinds of tickets; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_ticket_kinds", TicketKind)

    def search_terms_of(self, slug: str) -> list[SearchTerm]:
        """Ask one plugin for operators of the search; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_search_terms", SearchTerm)

    def services_of(self, slug: str) -> list[Service]:
        """Ask one plugin what it offers to others; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_services", Service)

    def assets_of(self, slug: str) -> list[Asset]:
        """Ask one plugin for style sheets and scripts; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_assets", Asset)

    def with_commands(self) -> list[str]:
        """Name the plugins that bring commands."""
        return self._manager.slugs_with("desk_commands")

    def commands_of(self, slug: str) -> list[click.Command]:
        """Ask one plugin for its commands; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_commands", click.Command)

    def with_health(self) -> list[str]:
        """Name the plugins that say how they are."""
        return self._manager.slugs_with("desk_health")

    def health_of(self, slug: str) -> list[HealthCheck]:
        """Ask one plugin how it is; raises ``PluginFailed``."""
        return self._manager.one(slug, "desk_health", HealthCheck)

    def folder_of(self, slug: str) -> Path:
        """Return the folder in which the package of an active plugin lies."""
        return self._manager.folder_of(slug)

    def of_plugin(self, slug: str) -> list[str]:
        """Name the hooks that one plugin has."""
        return self._manager.hooks_of(slug)

    def ticket_panels(self, ticket: TicketRef, user: UserRef) -> list[Owned[Panel]]:
        """Return the boxes to show beside a ticket; a ``LostPanel`` for those that failed now."""
        return self._manager.collect(
            "desk_ticket_panels", Panel, substitute=self._lost_panel, ticket=ticket, user=user
        )

    def has_message_notes(self) -> bool:
        """Whether any plugin remarks on messages; only then are they gathered for it."""
        return self._manager.has("desk_message_notes")

    def message_notes(
        self, ticket: TicketRef, messages: Sequence[MessageRef], user: UserRef
    ) -> list[Owned[MessageNote]]:
        """Return remarks on the messages of a ticket, all at once."""
        return self._manager.collect(
            "desk_message_notes", MessageNote, ticket=ticket, messages=messages, user=user
        )

    def has_list_columns(self) -> bool:
        """Whether any plugin adds to lists of tickets."""
        return self._manager.has("desk_list_columns")

    def list_columns(self, tickets: Sequence[RowRef], user: UserRef) -> list[Owned[Column]]:
        """Return what to add to a list of tickets, all rows at once."""
        return self._manager.collect("desk_list_columns", Column, tickets=tickets, user=user)

    def customer_panels(self, customer: CustomerRef, user: UserRef) -> list[Owned[Panel]]:
        """Return the boxes to show on a customer's page, lost ones as beside a ticket."""
        return self._manager.collect(
            "desk_customer_panels",
            Panel,
            substitute=self._lost_panel,
            customer=customer,
            user=user,
        )

    def ticket_actions(self, ticket: TicketRef, user: UserRef) -> list[Owned[Action]]:
        """Return what can be done with a ticket at one press."""
        return self._manager.collect("desk_ticket_actions", Action, ticket=ticket, user=user)

    def composer_tools(self, ticket: TicketRef, user: UserRef) -> list[Owned[ComposerTool]]:
        """Return the buttons to show below the text of an answer."""
        return self._manager.collect("desk_composer_tools", ComposerTool, ticket=ticket, user=user)

    def dashboard_widgets(self, user: UserRef) -> list[Owned[Widget]]:
        """Return the cards to show on the administration's first page."""
        return self._manager.collect("desk_dashboard_widgets", Widget, user=user)

    def help_parts(self, language: str) -> list[Owned[HelpPart]]:
        """Return what plugins put on the help page."""
        return self._manager.collect("desk_help_parts", HelpPart, language=language)

    def nav_items(self, user: UserRef) -> list[Owned[Link]]:
        """Return the pages of plugins to offer in the nav."""
        return self._manager.collect("desk_nav_items", Link, user=user)

    def customer_links(self, customer_id: CustomerId, user: UserRef) -> list[Owned[Link]]:
        """Return the pages of plugins about a customer."""
        return self._manager.collect(
            "desk_customer_links", Link, customer_id=customer_id, user=user
        )

    def inbound_verdict(self, message: InboundMessage) -> Judgement:
        """Return the strictest judgement of a message; nobody's opinion is to accept it."""
        found = self._manager.collect("desk_inbound_verdict", Judgement, message=message)
        judgements = (owned.item for owned in found)
        by_strictness = max(judgements, key=_strictness, default=None)
        return by_strictness or Judgement(verdict=Verdict.ACCEPT)

    def inbound_prepare(self, message: InboundMessage) -> InboundMessage:
        """Let plugins change what will be filed; whose message it is stays as it was."""
        return self._manager.chain(
            "desk_inbound_prepare", message, argument="message", objection=_inbound_objection
        )

    def checks_replies(self) -> bool:
        """Whether any plugin looks at replies before they are taken."""
        return self._manager.has("desk_reply_check")

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

    def _lost_panel(self, slug: str) -> list[Panel]:
        is_quiet = parts_left_out.get() or self._manager.guard.is_paused(slug)
        return [] if is_quiet else [LostPanel(title=slug, order=LAST)]

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


def _strictness(judgement: Judgement) -> tuple[int, int]:
    return _RANKS[judgement.verdict], len(judgement.reasons)


def _inbound_objection(before: InboundMessage, after: InboundMessage) -> str:
    if (before.external_id, before.sender, before.keys, before.kind) != (
        after.external_id,
        after.sender,
        after.keys,
        after.kind,
    ):
        return "it changed whose message this is or where it belongs"
    return ""


def _outbound_objection(before: OutboundMessage, after: OutboundMessage) -> str:
    changed = [name for name in _FIXED if getattr(before, name) != getattr(after, name)]
    return f"it changed {', '.join(changed)}" if changed else ""
