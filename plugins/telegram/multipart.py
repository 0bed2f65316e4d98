"""A form with a file in it (RFC 7578): the same form always gives the same bytes.

The file stands first, so that what is sent as a photo can be sent as a document instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256

from deskcore.api import OutboundFile

_AS_PHOTO, _AS_DOCUMENT = b'name="photo"', b'name="document"'


def with_file(field: str, file: OutboundFile, fields: Mapping[str, str]) -> tuple[bytes, str]:
    """Return a form's body and its content type."""
    boundary = _boundary(file, fields)
    name = re.sub(r"[\x00-\x1f\x7f\"\\]", "_", file.filename) or "file"
    kind = re.sub(r"[^\w.+/-]", "", file.content_type, flags=re.ASCII) or "application/octet-stream"
    head = f'Content-Disposition: form-data; name="{field}"; filename="{name}"'
    pieces = [
        f"--{boundary}\r\n{head}\r\nContent-Type: {kind}\r\n\r\n".encode(),
        file.content,
        *(
            f'\r\n--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}'.encode()
            for key, value in sorted(fields.items())
        ),
        f"\r\n--{boundary}--\r\n".encode(),
    ]
    return b"".join(pieces), f"multipart/form-data; boundary={boundary}"


def as_document(body: bytes) -> bytes:
    """Return the form of a photo as that of a file."""
    return body.replace(_AS_PHOTO, _AS_DOCUMENT, 1)


def to_chat(body: bytes, chat: int) -> bytes:
    """Return the form, to another chat."""
    head, name, rest = body.rpartition(b'name="chat_id"\r\n\r\n')
    return head + name + re.sub(rb"\A-?[0-9]+", str(chat).encode(), rest, count=1)


def _boundary(file: OutboundFile, fields: Mapping[str, str]) -> str:
    """Return a line that stands nowhere in the form."""
    seed = sha256(file.content + repr(sorted(fields.items())).encode("utf-8", "replace"))
    boundary = f"desk-{seed.hexdigest()[:32]}"
    while boundary.encode() in file.content:
        seed.update(b"once more")
        boundary = f"desk-{seed.hexdigest()[:32]}"
    return boundary
