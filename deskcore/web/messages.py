"""The body of one message for its frame, and the original as it was received."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import ngettext
from markupsafe import escape

from deskcore.domain import html
from deskcore.services import attention, message_body
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor, current_user
from deskcore.web.security import use_surface

blueprint = Blueprint("messages", __name__, url_prefix="/messages/<int:message_id>")

ONE_DAY = 86_400


@blueprint.get("/body")
@needs("ticket.read")
def body(message_id: int) -> Response:
    """Answer with a message's markup, made harmless, for its sandboxed frame."""
    found = message_body.read(current_actor(), message_id)
    images = {key: f"/files/{public_id}" for key, public_id in found.images.items()}
    cleaned = html.clean_counted(found.html, images=images)
    use_surface("message")
    response = Response(html.document(_left_out(cleaned.remote_images) + cleaned.html))
    if request.args.get("k") == body_key():
        # The address names reader and cleaner, so nobody else is ever given this copy.
        response.headers["Cache-Control"] = f"private, max-age={ONE_DAY}, immutable"
    return response


@blueprint.get("/raw")
@needs("attention.handle")
def raw(message_id: int) -> Response:
    """Hand out the mail as it was received."""
    return download(attention.raw_of_message(current_actor(), message_id), f"mail-{message_id}.eml")


def body_url(message_id: int) -> str:
    """Return where the frame of a message finds its body; changes with session and cleaner."""
    return url_for("messages.body", message_id=message_id, k=body_key())


def body_key() -> str:
    """Return what tells the cached bodies of one session and one cleaner from all others."""
    return f"{current_user().session_id:x}-{html.CLEANER_VERSION:x}"


def download(content: bytes, filename: str) -> Response:
    """Hand out bytes of somebody else's as a file, never as something to be shown."""
    use_surface("preview")
    response = Response(content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _left_out(count: int) -> str:
    if not count:
        return ""
    words = ngettext(
        "%(num)s remote image is not shown.", "%(num)s remote images are not shown.", count
    )
    style = "margin:0 0 8px;padding:4px 8px;background:#f1efe9;color:#57524a;font-size:13px"
    return f'<p style="{style}">{escape(words)}</p>'
