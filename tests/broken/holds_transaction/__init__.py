"""Begins to write in a thread of its own and never ends."""

from __future__ import annotations

import time
from threading import Lock, Thread

from flask import Flask, current_app
from sqlalchemy import select

from deskcore.api import UserRef
from deskcore.api.data import unit_of_work
from deskcore.models import Ticket  # no plugin should
from deskcore.plugin import Panel, TicketRef, hookimpl

LONG_S = 600.0
once = Lock()


def hold(app: Flask) -> None:
    with app.app_context(), unit_of_work() as unit:
        unit.session.execute(select(Ticket.id))
        time.sleep(LONG_S)


@hookimpl
def desk_ticket_panels(ticket: TicketRef, user: UserRef) -> list[Panel]:
    """Hold it in a thread, the first time."""
    if once.acquire(blocking=False):
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # a proxy
        Thread(target=hold, args=(app,), daemon=True).start()
    return []
