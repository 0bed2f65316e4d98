"""The body of one message for its frame, and the original as it was received."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from deskcore.domain import folding, html
from deskcore.domain.views import MessageView
from deskcore.services import attention, awaited_files, message_body, remote_images
from deskcore.web import htmx
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor, current_user
from deskcore.web.security import use_surface
from deskcore.web.ticket_view import show, ticket_url

blueprint = Blueprint("messages", __name__, url_prefix="/messages/<int:message_id>")

ONE_DAY = 86_400


@blueprint.get("/body")
@needs("ticket.read")
def body(message_id: int) -> Response:
    """Answer with a message's markup, made harmless and its quote folded, for its frame."""
    found = message_body.read(current_actor(), message_id)
    use_surface("message")
    response = Response(_document(found))
    if request.args.get("k") == body_key():
        # The address names reader and cleaner, so nobody else is ever given this copy.
        response.headers["Cache-Control"] = f"private, max-age={ONE_DAY}, immutable"
    return response


@blueprint.post("/images")
@needs("ticket.change")
def load_images(message_id: int) -> Response:
    """Have the remote pictures loaded; the thread says how far that is."""
    number = remote_images.ask(current_actor(), message_id)
    if htmx.is_partial():
        return show(number, fragment="thread", also=("live",))
    return htmx.redirect(f"{ticket_url(number)}#message-{message_id}")


@blueprint.post("/files")
@needs("ticket.change")
def fetch_files(message_id: int) -> Response:
    """Have the files fetched once more that could not be; the thread says how far that is."""
    number = awaited_files.ask_again(current_actor(), message_id)
    if htmx.is_partial():
        return show(number, fragment="thread", also=("live",))
    return htmx.redirect(f"{ticket_url(number)}#message-{message_id}")


@blueprint.get("/raw")
@needs("attention.handle")
def raw(message_id: int) -> Response:
    """Hand out the mail as it was received."""
    return download(attention.raw_of_message(current_actor(), message_id), f"mail-{message_id}.eml")


def body_url(message: MessageView) -> str:
    """Return where the frame of a message finds its body; changes with its key and its pictures.

    Of remote pictures there are only ever more, so their number is enough.
    """
    shown = message.images.shown or None
    return url_for("messages.body", message_id=message.id, k=body_key(), images=shown)


def body_key() -> str:
    """Return what tells the cached bodies of one session, cleaner and language from all others."""
    return f"{current_user().session_id:x}-{html.CLEANER_VERSION:x}-{get_locale()}"


def download(content: bytes, filename: str) -> Response:
    """Hand out bytes of somebody else's as a file, never as something to be shown."""
    use_surface("preview")
    response = Response(content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _document(found: message_body.MessageBody) -> str:
    images = {key: f"/files/{public_id}" for key, public_id in found.images.items()}
    halves = folding.fold(found.html, visible=found.visible, quoted=found.quoted)
    body = html.clean(halves.said, images=images)
    if quoted := html.clean(halves.quoted, images=images):
        body += html.folded(quoted, label=_("Show quoted text"), lang=str(get_locale()))
    return html.document(body, is_by_word=html.is_by_word(found.html))
