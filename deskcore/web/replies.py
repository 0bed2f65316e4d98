"""Answering: send, note, save a draft, take back, try again."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from deskcore import clock
from deskcore.domain.writing import Queued
from deskcore.errors import Conflict, Invalid, NotFound
from deskcore.services import (
    delivery,
    drafts,
    lists,
    plugin_places,
    replies,
    ticket_page,
    undoing,
)
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.composer import CONFLICT, Posted, draft_answer, posted, refused
from deskcore.web.forms.base import UNPROCESSABLE
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.numbers import whole
from deskcore.web.ticket_view import (
    changed,
    go_to,
    is_newest,
    kept_query,
    show,
    wanted_kind,
    wanted_view,
)

blueprint = Blueprint("replies", __name__)


@blueprint.post("/t/<int:number>/reply")
@needs("ticket.note")
def reply(number: int) -> Response:
    """Queue an answer or store a note; what cannot be taken comes back untouched."""
    form = posted()
    try:
        goal = _add_note(number, form) if form.mode == "note" else _queue(number, form)
    except (Invalid, Conflict) as error:
        return _refuse(number, form, error)
    return go_to(goal)


@blueprint.post("/t/<int:number>/draft")
@needs("ticket.note")
def save_draft(number: int) -> Response:
    """Save what is being written; answers with the words for the composer's corner."""
    written = posted().draft()
    return draft_answer(lambda: drafts.save(current_actor(), number, written))


@blueprint.post("/t/<int:number>/tool")
@needs("ticket.note")
def open_tool(number: int) -> Response:
    """Keep what is written and open a plugin's page of texts for it, where no dialog can open."""
    form, actor = posted(), current_actor()
    try:
        drafts.save(actor, number, form.draft())
        drafts.add_files(actor, number, form.mode, form.files)
    except (Invalid, Conflict) as error:
        return _refuse(number, form, error)
    tools = plugin_places.composer_tools(actor, ticket_page.read(actor, number))
    url = request.form.get("tool", "")
    if url not in {owned.item.url for owned in tools}:
        raise NotFound(_("There is no such page any more. Your text is kept in the ticket."))
    return htmx.redirect(url)


@blueprint.post("/t/<int:number>/draft/discard")
@needs("ticket.note")
def discard_draft(number: int) -> Response:
    """Throw the draft away with its files."""
    drafts.discard(current_actor(), number, posted().mode)
    toast(_("Draft discarded."))
    return go_to(number)


@blueprint.post("/files/<public_id>/remove")
@needs("ticket.note")
def remove_file(public_id: str) -> Response:
    """Take a file off a draft."""
    drafts.remove_file(current_actor(), public_id)
    number = request.form.get("number", 0, type=whole)
    return go_to(number) if number else htmx.redirect("/new")


@blueprint.post("/deliveries/<int:delivery_id>/undo")
@needs("ticket.reply")
def undo(delivery_id: int) -> Response:
    """Take a waiting answer back: it is a draft again."""
    number = undoing.undo(current_actor(), delivery_id)
    toast(_("Taken back. Your text is in the composer."))
    return go_to(number)


@blueprint.post("/deliveries/<int:delivery_id>/retry")
@needs("ticket.reply")
def retry(delivery_id: int) -> Response:
    """Send again what failed, or what may not have left."""
    delivery.retry(current_actor(), delivery_id)
    toast(_("It will be sent again in a moment."))
    return _after_delivery()


@blueprint.post("/deliveries/<int:delivery_id>/set-aside")
@needs("ticket.reply")
def set_aside(delivery_id: int) -> Response:
    """Take an answer that did not leave off the lists."""
    delivery.set_aside(current_actor(), delivery_id)
    toast(_("Set aside."))
    return _after_delivery()


@blueprint.post("/deliveries/<int:delivery_id>/sent")
@needs("ticket.reply")
def mark_sent(delivery_id: int) -> Response:
    """Believe that a message has arrived, as when the customer answered it."""
    delivery.mark_sent(current_actor(), delivery_id)
    toast(_("Marked as sent."))
    return _after_delivery()


def _after_delivery() -> Response:
    number = request.form.get("number", 0, type=whole)
    if number:
        return changed(number)
    return htmx.redirect("/attention" if request.form.get("back") == "attention" else "/outbox")


def _add_note(number: int, form: Posted) -> int:
    replies.add_note(current_actor(), number, form.note())
    toast(_("Note added."))
    return number


def _queue(number: int, form: Posted) -> int:
    """Queue the answer; return which ticket comes next."""
    following = _next_number(number) if form.then == "solve" else number
    announce(replies.queue_reply(current_actor(), number, form.reply()))
    return following


def announce(queued: Queued) -> None:
    """Say who will get the message, with an Undo for as long as there is one."""
    seconds = max(round((queued.run_at - clock.now()).total_seconds()), 0)
    toast(
        _("Reply to %(name)s goes out in %(seconds)s s.", name=queued.recipient, seconds=seconds),
        undo_url=f"/deliveries/{queued.delivery_id}/undo{kept_query()}" if seconds else "",
        seconds=seconds,
    )


def _next_number(number: int) -> int:
    """Return the ticket after this one in the list it was opened from, before it leaves it."""
    view = wanted_view()
    if not view:
        return number
    cursor = request.args.get("from", "")
    listed = lists.page(
        current_actor(), view, cursor=cursor, newest_first=is_newest(), kind=wanted_kind()
    )
    place = lists.place_of(listed, number)
    return place.next_number or place.previous_number


def _refuse(number: int, form: Posted, error: Invalid | Conflict) -> Response:
    """Show the page with the text untouched; files are kept with the draft."""
    actor = current_actor()
    if form.files and not _is_about_files(error):
        drafts.add_files(actor, number, form.mode, form.files)
    ticket = ticket_page.read(actor, number)
    if isinstance(error, Conflict):
        written, status = refused(ticket, form, conflict=str(error)), CONFLICT
    else:
        written, status = refused(ticket, form, problems=error.problems), UNPROCESSABLE
    response = show(number, fragment="main", also=(), status=status, written=written)
    return htmx.retarget(response, "#main") if htmx.is_partial() else response


def _is_about_files(error: Invalid | Conflict) -> bool:
    return isinstance(error, Invalid) and any(item.field == "files" for item in error.problems)
