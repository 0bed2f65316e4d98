"""The body of a mail: plain text, HTML with its pictures, files; encoded so that any road carries it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from deskcore.api import OutboundFile, OutboundMessage
from plugins.email.outgoing_headers import clean_text

_POLICY = SMTP.clone(cte_type="7bit")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")
# These must not be encoded as base64 (RFC 2046), which files are.
_STRUCTURED = ("message/", "multipart/")
_CONTENT_ID = re.compile(r"[!-;=?-~]{1,200}")
_MAX_FILENAME, _MAX_ENDING = 120, 10


@dataclass(frozen=True, kw_only=True)
class Body:
    """The bytes from the MIME headers on, and what stands in them: (type, text), (name, bytes)."""

    content: bytes
    texts: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, bytes], ...]


def build_body(message: OutboundMessage) -> Body:
    """Build the parts: pictures the HTML speaks of beside it, other files at the end."""
    root = EmailMessage(policy=_POLICY)
    texts = [("text/plain", _lines(message.text))]
    root.set_content(texts[0][1], charset="utf-8")
    inline = [file for file in message.files if _is_inline(file, message.html)]
    attached = [file for file in message.files if file not in inline]
    if message.html:
        texts.append(("text/html", _lines(message.html)))
        root.add_alternative(texts[1][1], subtype="html", charset="utf-8")
        html = next(part for part in root.walk() if part.get_content_subtype() == "html")
        for file in inline:
            _add(html, file, inline=True)
    for file in attached:
        _add(root, file, inline=False)
    _fix_boundaries(root, message)
    return Body(
        content=root.as_bytes(),
        texts=tuple(texts),
        files=tuple((file_name(file), file.content) for file in (*inline, *attached)),
    )


def file_name(file: OutboundFile) -> str:
    """Make a name fit for a header: one line, no path, never empty.

    Quotes and angle brackets at its ends would be taken for those of the header by its readers.
    """
    name = re.sub('[<>"]', "_", clean_text(re.split(r"[/\\]", file.filename)[-1]))
    stem, dot, ending = name.rpartition(".")
    if len(name) > _MAX_FILENAME and dot and len(ending) <= _MAX_ENDING:
        name = f"{stem[: _MAX_FILENAME - len(ending) - 1]}.{ending}"
    return name[:_MAX_FILENAME].strip() or "file"


def _add(parent: EmailMessage, file: OutboundFile, *, inline: bool) -> None:
    given = file.content_type.lower().strip()
    usable = _TYPE.fullmatch(given) and not given.startswith(_STRUCTURED)
    maintype, _, subtype = (given if usable else "application/octet-stream").partition("/")
    add = parent.add_related if inline else parent.add_attachment
    add(
        file.content,
        maintype=maintype,
        subtype=subtype,
        disposition="inline" if inline else "attachment",
        filename=file_name(file),
        cid=f"<{file.content_id}>" if inline else None,
    )


def _is_inline(file: OutboundFile, html: str) -> bool:
    return bool(_CONTENT_ID.fullmatch(file.content_id)) and f"cid:{file.content_id}" in html


def _lines(text: str) -> str:
    r"""Write text with ``\n`` only, its last line ended, without what UTF-8 mail cannot hold."""
    usable = text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
    joined = usable.replace("\r\n", "\n").replace("\r", "\n")
    return joined if joined.endswith("\n") else f"{joined}\n"


def _fix_boundaries(root: EmailMessage, message: OutboundMessage) -> None:
    """Replace random boundaries by ones of the message, which nobody could have written into it."""
    seed = f"{message.external_id}\0{message.text}\0{message.html}"
    digest = hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest()[:32]
    parts = [part for part in root.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        part.set_boundary(f"=_{digest}_{number}")
