"""Pages of the book: both are posted to, from the ticket and from the counter."""

from __future__ import annotations

from flask import Blueprint, Response, request

from deskcore.api import Address, MailboxId
from deskcore.api.data import NewTicket, open_ticket, read_ticket, unit_of_work
from deskcore.api.web import current_actor, needs, redirect, whole

from .answers import propose
from .entry import ENTRY

blueprint = Blueprint("guest_book", __name__)


@blueprint.post("/propose/<int:number>")
@needs("ticket.reply")
def ask(number: int) -> Response:
    """Ask for approval of an answer."""
    ticket = read_ticket(current_actor(), number)
    with unit_of_work(current_actor()) as unit:
        propose(unit, ticket.id, request.form.get("words", ""))
    return redirect(f"/t/{number}")


@blueprint.post("/entries")
@needs("ticket.change")
def write_down() -> Response:
    """Write down what a guest said at the counter."""
    with unit_of_work(current_actor()) as unit:
        ticket = open_ticket(
            unit,
            NewTicket(
                kind=ENTRY.name,
                mailbox_id=MailboxId(request.form.get("mailbox", 0, type=whole)),
                subject=request.form.get("subject", ""),
                text=request.form.get("text", ""),
                sender=Address(value=request.form.get("guest", "guest")),
            ),
        )
    return redirect(f"/t/{ticket.number}")
