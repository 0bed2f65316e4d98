"""Files of messages and drafts: always handed out, never run, never shown as pages."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, send_file

from deskcore.models import Attachment
from deskcore.services import files
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.security import use_surface

blueprint = Blueprint("files", __name__)

# Kinds that cannot act on whoever opens them; everything else is bytes.
HARMLESS = frozenset(
    {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain"}
)


@blueprint.get("/files/<public_id>")
@needs("ticket.read")
def download(public_id: str) -> Response:
    """Hand out a file under the name it came with."""
    return hand_out(*files.open_attachment(current_actor(), public_id))


def hand_out(row: Attachment, path: Path) -> Response:
    """Answer with the bytes of an attachment, in a way in which they cannot act."""
    use_surface("preview")
    kind = row.content_type if row.content_type in HARMLESS else "application/octet-stream"
    response = send_file(path, mimetype=kind, as_attachment=True, download_name=row.filename)
    response.headers["Cache-Control"] = "no-store"
    return response
