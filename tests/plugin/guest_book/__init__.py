"""A made-up guest book that everybody can read: the reference for kinds of tickets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.plugin import Channel, Panel, ReplyDraft, TicketKind, TicketRef, hookimpl

if TYPE_CHECKING:
    from flask import Blueprint

    from deskcore.api import Permission, Problem


@hookimpl
def desk_ticket_kinds() -> list[TicketKind]:
    """Bring the entries of the book, whose answers two people have seen."""
    from .entry import ENTRY

    return [ENTRY]


@hookimpl
def desk_permissions() -> list[Permission]:
    """Say who may approve an answer."""
    from .entry import PERMISSIONS

    return PERMISSIONS


@hookimpl
def desk_channels() -> list[type[Channel]]:
    """Bring what guests write at the door, and carry answers there."""
    from .door import Door

    return [Door]


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    """Let people propose an answer, and write down what a guest said."""
    from .views import blueprint

    return [blueprint]


@hookimpl
def desk_ticket_panels(ticket: TicketRef) -> list[Panel]:
    """Show what is proposed, to whoever approves it."""
    from .answers import panels

    return panels(ticket)


@hookimpl
def desk_reply_check(draft: ReplyDraft, ticket: TicketRef) -> list[Problem]:
    """Object to an answer whose words are not those that were approved."""
    from .answers import check

    return check(draft, ticket)
