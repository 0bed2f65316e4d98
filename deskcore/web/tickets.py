"""One ticket: read it, and change what stands in its head."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from deskcore.errors import Invalid
from deskcore.services import ticket_fields, ticket_page, tickets
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.forms.base import UNPROCESSABLE
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.numbers import whole
from deskcore.web.ticket_view import changed, go_to, kept_query, show, ticket_url

blueprint = Blueprint("tickets", __name__, url_prefix="/t/<int:number>")


@blueprint.get("", endpoint="show")
@needs("ticket.read")
def show_ticket(number: int) -> Response:
    """Show a ticket; of a merged one the page says where it went."""
    return show(number)


@blueprint.post("/seen")
@needs("ticket.read")
def seen(number: int) -> Response:
    """Remember that the reader has read this far."""
    tickets.mark_seen(current_actor(), number, request.form.get("message", 0, type=whole))
    return htmx.no_change() if htmx.is_htmx() else changed(number)


@blueprint.post("/assign")
@needs("ticket.change")
def assign(number: int) -> Response:
    """Give the ticket to somebody, or to nobody."""
    tickets.assign(current_actor(), number, request.form.get("user", type=whole))
    return changed(number)


@blueprint.post("/status")
@needs("ticket.change")
def change_status(number: int) -> Response:
    """Give the ticket another status."""
    tickets.change_status(current_actor(), number, request.form.get("status", ""))
    return changed(number)


@blueprint.post("/tags")
@needs("ticket.change")
def change_tags(number: int) -> Response:
    """Add the tags that were typed, take off the one that was crossed out."""
    kept = [tag for tag in request.form.getlist("tag") if tag != request.form.get("remove")]
    added = request.form.get("add", "").split(",")
    tickets.set_tags(current_actor(), number, [*kept, *added])
    return changed(number)


@blueprint.post("/spam")
@needs("ticket.change")
def change_spam(number: int) -> Response:
    """Put the ticket among the spam or take it out again."""
    is_spam = request.form.get("is_spam") == "1"
    tickets.mark_spam(current_actor(), number, is_spam=is_spam)
    toast(_("Moved to spam.") if is_spam else _("Taken out of spam."))
    return changed(number)


@blueprint.post("/delete")
@needs("ticket.delete")
def delete(number: int) -> Response:
    """Put the ticket away; the toast brings it back."""
    tickets.delete_ticket(current_actor(), number)
    restore_url = f"/t/{number}/restore{kept_query()}"
    toast(_("Ticket #%(number)s deleted.", number=number), undo_url=restore_url, seconds=10)
    return go_to(0)


@blueprint.post("/restore")
@needs("ticket.delete")
def restore(number: int) -> Response:
    """Bring a deleted ticket back."""
    tickets.restore(current_actor(), number)
    toast(_("Restored."))
    return go_to(number)


@blueprint.get("/edit")
@needs("ticket.change")
def edit(number: int) -> Response:
    """Show the form for subject and mailbox."""
    return _edit_page(number)


@blueprint.post("/edit")
@needs("ticket.change")
def save(number: int) -> Response:
    """Change subject, mailbox and further fields."""
    actor, mailbox = current_actor(), request.form.get("mailbox", 0, type=whole)
    try:
        values = ticket_fields.typed_values(request.form)
        tickets.rename(actor, number, request.form.get("subject", ""))
        if mailbox:
            tickets.move(actor, number, mailbox)
        ticket_fields.change(actor, number, values)
    except Invalid as error:
        return _edit_page(number, error)
    toast(_("Saved."))
    return htmx.redirect(ticket_url(number))


def _edit_page(number: int, error: Invalid | None = None) -> Response:
    ticket = ticket_page.read(current_actor(), number)
    context = {
        "ticket": ticket,
        "lines": ticket_fields.lines(ticket.id),
        "problems": error.problems if error else (),
        "typed": request.form,
    }
    return page("tickets/edit.html", context, status=UNPROCESSABLE if error else 200)
