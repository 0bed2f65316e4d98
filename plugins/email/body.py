"""What of a mail is said and what is attached: text, HTML and files, chosen from the tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from deskcore.api import N_, InboundFile, text_to_html
from plugins.email import smime, tnef
from plugins.email.charsets import decode_text
from plugins.email.files import given_name, make_file, uuencoded_file
from plugins.email.markup import MarkedText, has_words, read_html
from plugins.email.mime_tree import Part, read_tree
from plugins.email.transfer import find_uuencoded

MAX_BODY_PIECES = 50
MAX_BODY_BYTES = 1_000_000
MAX_TEXT = 2_000_000
_STUB_LENGTH = 300
_META_CHARSET = re.compile(rb"(?i)<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([a-z0-9_:-]{2,40})")
_REFERENCE = re.compile(r"(?i)cid:([^\"'\s>)]{1,500})")
_STUB = re.compile(
    r"(?i)\b(html|rich.?text)\b.{0,80}\b(e-?mail|mail|message|client|view|version|enabled|support)"
)
_ENCRYPTED = N_(
    "This message is encrypted; the desk cannot read it. The encrypted file is attached."
)
_UNSIGNED = N_("The signed content of this message could not be read.")
_TOO_LONG = N_("The text is very long and was cut; the original has all of it.")


@dataclass(kw_only=True)
class Body:
    """The readable whole: text with its marks of quoting, the original HTML, the files."""

    text: MarkedText = field(default_factory=MarkedText)
    html: str = ""
    files: list[InboundFile] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class _Piece:
    """One stretch of text of the mail, in its plain and its HTML form."""

    text: MarkedText
    html: str = ""


def read_body(root: Part) -> Body:
    """Collect what a person should see of this mail, in the order of its parts."""
    body = Body()
    shown: list[Part] = []
    _choose(root, shown, body)
    pieces = [_read_piece(group, body) for group in _alternatives(root, shown)]
    body.text = MarkedText.joined([piece.text for piece in pieces])
    if any(piece.html for piece in pieces):
        body.html = "\n<hr>\n".join(
            piece.html or text_to_html(piece.text.plain) for piece in pieces
        )
    _mark_inline(body)
    return body


def _choose(root: Part, shown: list[Part], body: Body) -> None:
    """Sort the leaves into text to show and files."""
    hidden: list[Part] = []
    for part in root.walk():
        if part.children or part.main_type == "multipart":
            _explain(part, body)
            continue
        if _is_text(part) and not _is_attached(part) and _has_room(shown, part):
            shown.append(part)
        else:
            _take_file(part, shown, hidden, body)
    if not shown and hidden:
        # A mail whose only text is called an attachment: show it, and keep the file too.
        shown.append(hidden[0])


def _has_room(shown: list[Part], part: Part) -> bool:
    """Whether one more text can be shown; the rest of a flood of texts is kept as files."""
    size = sum(one.end - one.start for one in [*shown, part])
    return not shown or (len(shown) < MAX_BODY_PIECES and size <= MAX_BODY_BYTES)


def _take_file(part: Part, shown: list[Part], hidden: list[Part], body: Body) -> None:
    if smime.is_opaque(part):
        inner = smime.signed_content(part.content)
        if inner:
            nested = Body()
            _choose(read_tree(inner).root, shown, nested)
            body.files.extend(nested.files)
            body.warnings.extend(nested.warnings)
        elif smime.is_encrypted(part):
            body.warnings.append(_ENCRYPTED)
        elif part.content:
            body.warnings.append(_UNSIGNED)
    if (
        not part.content.strip()
        and not given_name(part)
        and part.main_type in ("text", "multipart")
    ):
        return
    if _is_text(part) and part.disposition != "attachment":
        hidden.append(part)
    file = make_file(part, len(body.files) + 1)
    body.files.append(file)
    if tnef.is_tnef(part.content_type, file.filename):
        body.files.extend(tnef.read_files(file.content))


def _explain(part: Part, body: Body) -> None:
    if part.content_type == "multipart/encrypted":
        body.warnings.append(_ENCRYPTED)


def _is_text(part: Part) -> bool:
    return part.content_type in ("text/plain", "text/html", "text/enriched", "text/markdown") or (
        part.content_type == "text/x-amp-html"
    )


def _is_attached(part: Part) -> bool:
    return part.disposition == "attachment" or bool(given_name(part))


def _alternatives(root: Part, shown: list[Part]) -> list[list[Part]]:
    """Group the texts: those of one ``multipart/alternative`` say the same, the rest follow on."""
    group_of: dict[int, int] = {}
    for part in root.walk():
        if part.content_type == "multipart/alternative" and id(part) not in group_of:
            for below in part.walk():
                group_of.setdefault(id(below), id(part))
    groups: dict[int, list[Part]] = {}
    for part in shown:
        groups.setdefault(group_of.get(id(part), id(part)), []).append(part)
    return list(groups.values())


def _read_piece(group: list[Part], body: Body) -> _Piece:
    """Make one piece of parts that say the same: the richest that is not empty."""
    plain: list[MarkedText] = []
    html: list[tuple[str, MarkedText]] = []
    seen: set[str] = set()
    for part in group:
        if part.content_type == "text/x-amp-html":
            continue
        if part.content_type == "text/html":
            markup = _decode_html(part)
            html.append((markup, read_html(markup)))
            continue
        text = _decode_plain(part, body)
        if text.strip() and text not in seen:
            seen.add(text)
            plain.append(MarkedText.of_plain(text))
    written = [(markup, text) for markup, text in html if has_words(markup, text)]
    words = MarkedText.joined(plain)
    rich = MarkedText.joined([text for _, text in written])
    best = words if words.plain.strip() and not _is_stub(words.plain, rich.plain) else rich
    return _Piece(text=best, html="\n".join(markup for markup, _ in written))


def _is_stub(plain: str, rich: str) -> bool:
    """Whether the plain text only says that one should look at the HTML."""
    said = plain.strip()
    if not rich.strip() or len(rich) < 3 * len(said):
        return False
    return len(said) < _STUB_LENGTH and bool(_STUB.search(said))


def _decode_plain(part: Part, body: Body) -> str:
    content = part.content[: 4 * MAX_TEXT]
    kept = bytearray()
    position = 0
    for name, file, start, end in find_uuencoded(content):
        kept += content[position:start]
        position = end
        body.files.append(uuencoded_file(name, file, len(body.files) + 1))
    kept += content[position:]
    return _cut(decode_text(bytes(kept), part.charset), body)


def _decode_html(part: Part) -> str:
    content = part.content[: 4 * MAX_TEXT]
    declared = part.charset
    meta = _META_CHARSET.search(content[:4096])
    if meta and not declared:
        declared = meta.group(1).decode("ascii")
    return decode_text(content, declared)[:MAX_TEXT]


def _cut(text: str, body: Body) -> str:
    if len(text) > MAX_TEXT:
        body.warnings.append(_TOO_LONG)
    return text[:MAX_TEXT]


def _mark_inline(body: Body) -> None:
    """Mark the files the HTML refers to; what it does not show stays an attachment."""
    used = {reference.strip() for reference in _REFERENCE.findall(body.html)}
    body.files[:] = [
        InboundFile(
            filename=file.filename,
            content_type=file.content_type,
            content=file.content,
            content_id=file.content_id,
            inline=bool(file.content_id)
            and (file.content_id in used or file.content_id in body.html),
        )
        for file in body.files
    ]
