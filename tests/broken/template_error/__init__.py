"""Has a mistake in the template of its page and of its panel."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from deskcore.api import UserRef
from deskcore.api.web import needs, page
from deskcore.plugin import Panel, TicketRef, hookimpl

blueprint = Blueprint("template_error", __name__, template_folder="templates")
BROKEN = "plugins/template_error/broken.html"


@blueprint.get("/")
@needs("ticket.read")
def index() -> ResponseReturnValue:
    return page(BROKEN, {"cups": 0})


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    return [blueprint]


@hookimpl
def desk_ticket_panels(ticket: TicketRef, user: UserRef) -> list[Panel]:
    return [Panel(title="Cups", body=Markup(render_template(BROKEN, cups=0)))]  # noqa: S704  autoescaped
