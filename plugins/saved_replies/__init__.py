"""Answers that are given again and again: kept once, found while writing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.api import Permission, Problem
from deskcore.plugin import Asset, ComposerTool, Link, ReplyDraft, TicketRef, hookimpl
from plugins.saved_replies import places

if TYPE_CHECKING:
    from flask import Blueprint


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    """Bring the pages of saved replies and the picker."""
    from plugins.saved_replies.views import blueprints

    return blueprints()


@hookimpl
def desk_permissions() -> list[Permission]:
    """Declare who may write them."""
    return [places.MANAGE]


@hookimpl
def desk_nav_items() -> list[Link]:
    """Offer those pages."""
    return [places.PAGE]


@hookimpl
def desk_composer_tools(ticket: TicketRef) -> list[ComposerTool]:
    """Offer the picker below an answer."""
    return [places.picker(ticket.number)]


@hookimpl
def desk_assets() -> list[Asset]:
    """Bring the keys of the picker, and how it looks."""
    return list(places.ASSETS)


@hookimpl
def desk_reply_check(draft: ReplyDraft) -> list[Problem]:
    """Stop an answer in which a placeholder still stands."""
    from plugins.saved_replies.unfilled import problems

    return problems(draft.text)
