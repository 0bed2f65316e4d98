"""The files of a message: named by their ids, fetched later; what bots may not fetch is said."""

from __future__ import annotations

import mimetypes

from deskcore.api import N_
from deskcore.plugin import AttachmentRef
from plugins.telegram.fields import Fields, part, parts, text, whole

# What getFile hands out (Bot API, getFile).
MOST_BYTES = 20 * 1000 * 1000
TOO_LARGE = N_(
    "A file in this message is larger than the 20 MB that Telegram hands to bots. It can be seen "
    "in Telegram only: ask for it by another way."
)
# An animation comes as a document, too: the first that is there counts.
_NAMED = ("animation", "audio", "document", "video", "video_note", "voice")
_TYPES = {"voice": "audio/ogg", "video_note": "video/mp4", "photo": "image/jpeg"}


def awaited(message: Fields) -> tuple[tuple[AttachmentRef, ...], tuple[str, ...]]:
    """Return the file of a message, and what has to be said about it."""
    name, found = _file(message)
    ref, size = text(found, "file_id"), whole(found, "file_size") or 0
    if not ref:
        return (), ()
    if size > MOST_BYTES:
        return (), (TOO_LARGE,)
    kind = text(found, "mime_type") or _TYPES.get(name, "")
    filename = text(found, "file_name") or f"{name}{mimetypes.guess_extension(kind) or ''}"
    return (AttachmentRef(ref=ref, filename=filename, content_type=kind, size=max(0, size)),), ()


def _file(message: Fields) -> tuple[str, Fields]:
    for name in _NAMED:
        if found := part(message, name):
            return name, found
    sizes = parts(message, "photo")
    return "photo", max(sizes, key=_pixels) if sizes else {}


def _pixels(size: Fields) -> int:
    """Count the pixels of one size of a photo: the largest is what was sent."""
    return (whole(size, "width") or 0) * (whole(size, "height") or 0)
