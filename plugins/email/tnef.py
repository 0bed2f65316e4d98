"""Outlook's winmail.dat: the files in it, listed beside it so that nobody needs a tool.

Only the attachment attributes of MS-OXTNEF 2.1.3 are read; the container itself is always kept.
"""

from __future__ import annotations

import mimetypes
import struct

from deskcore.api import InboundFile
from plugins.email.charsets import decode_text
from plugins.email.files import safe_name

_SIGNATURE = 0x223E9F78
_ATTACHMENT_LEVEL = 2
_RENDERING = 0x9002
_TITLE = 0x8010
_DATA = 0x800F
_MAX_FILES = 100
_HEADER_BYTES = 6  # signature and key


def is_tnef(content_type: str, filename: str) -> bool:
    """Whether a file is Outlook's container, by its type or its usual name."""
    return content_type in ("application/ms-tnef", "application/vnd.ms-tnef") or (
        filename.lower() == "winmail.dat"
    )


def read_files(content: bytes) -> list[InboundFile]:
    """List the files of a TNEF stream as far as it can be read."""
    if len(content) < _HEADER_BYTES or struct.unpack_from("<I", content)[0] != _SIGNATURE:
        return []
    found: list[dict[str, bytes]] = []
    position = _HEADER_BYTES
    while position + 9 <= len(content) and len(found) <= _MAX_FILES:
        level, attribute, _kind, length = struct.unpack_from("<BHHI", content, position)
        start = position + 9
        value = content[start : start + length]
        position = start + length + 2
        if level != _ATTACHMENT_LEVEL:
            continue
        if attribute == _RENDERING:
            found.append({})
        elif found and attribute == _TITLE:
            found[-1]["title"] = value.rstrip(b"\0")
        elif found and attribute == _DATA:
            found[-1]["data"] = value
    files = []
    for number, entry in enumerate(found[:_MAX_FILES], start=1):
        name = safe_name(decode_text(entry.get("title", b""), detect=False)) or f"file-{number}.bin"
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        if entry.get("data"):
            files.append(InboundFile(filename=name, content_type=kind, content=entry["data"]))
    return files
