"""Forms that customers fill in: as a page, inside another site, or behind a code on the counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.plugin import hookimpl
from plugins.web_form import places

if TYPE_CHECKING:
    from flask import Blueprint
    from sqlalchemy.orm import Session

    from deskcore.api import InboundMessage, Permission
    from deskcore.plugin import (
        Asset,
        HelpPart,
        JobType,
        Judgement,
        Link,
        PrivacyHandler,
        TicketField,
    )


@hookimpl
def desk_activate(session: Session) -> None:
    """Begin with one form that works at once."""
    from plugins.web_form.beginning import begin

    begin(session)


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    """Bring the builder, and the pages for customers."""
    from plugins.web_form.pages import blueprints

    return blueprints()


@hookimpl
def desk_permissions() -> list[Permission]:
    """Declare who may build forms."""
    return [places.MANAGE]


@hookimpl
def desk_nav_items() -> list[Link]:
    """Offer the builder."""
    return [places.PAGE]


@hookimpl
def desk_assets() -> list[Asset]:
    """Bring the script and looks of forms, and those of the builder."""
    return list(places.ASSETS)


@hookimpl
def desk_ticket_fields() -> list[TicketField]:
    """Say beside a ticket which form it came by."""
    return [places.FORM_FIELD]


@hookimpl
def desk_help_parts() -> list[HelpPart]:
    """Offer the first form on the help page."""
    from plugins.web_form.offered import help_parts

    return help_parts()


@hookimpl
def desk_inbound_verdict(message: InboundMessage) -> Judgement | None:
    """Put what a form has doubts about among the spam."""
    from plugins.web_form.verdict import judge

    return judge(message)


@hookimpl
def desk_jobs() -> list[JobType]:
    """Forget files that nobody came back for."""
    from plugins.web_form.offered import jobs

    return jobs()


@hookimpl
def desk_privacy_handlers() -> list[PrivacyHandler]:
    """Tell and forget what somebody sent."""
    from plugins.web_form.privacy import handler

    return [handler()]
