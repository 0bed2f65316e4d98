"""Begins to write wherever it is asked, and forgets to end it."""

from __future__ import annotations

from contextlib import AbstractContextManager

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from deskcore.api import DomainEvent, MessageReceived, UserRef
from deskcore.api.data import Unit, unit_of_work
from deskcore.api.web import needs
from deskcore.plugin import Panel, Subscription, TicketRef, hookimpl

kept: list[AbstractContextManager[Unit]] = []

blueprint = Blueprint("leaves_open", __name__)


def leave() -> None:
    manager = unit_of_work()
    unit = manager.__enter__()
    unit.session.execute(text("UPDATE mailbox SET signature = 'Taken'"))
    kept.append(manager)


def leave_when_told(event: DomainEvent) -> None:
    leave()


@blueprint.after_request
def leave_behind(response: Response) -> Response:
    leave()
    return response


@blueprint.post("/")
@needs("ticket.read")
def change() -> ResponseReturnValue:
    leave()
    return "done"


@blueprint.get("/")
@needs("ticket.read")
def index() -> ResponseReturnValue:
    return "looked"


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    return [blueprint]


@hookimpl
def desk_ticket_panels(ticket: TicketRef, user: UserRef) -> list[Panel]:
    leave()
    return []


@hookimpl
def desk_subscriptions() -> list[Subscription]:
    told = Subscription(name="leaves_open.all", events=(MessageReceived,), handle=leave_when_told)
    return [told]
