"""What the desk says, as stanzas: written once when a message is rendered, sent as often as it takes.

Everything of one answer to one person goes in one piece, so that no part of it can go twice.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from deskcore.api import N_, OutboundMessage
from deskcore.plugin import Payload, Refused
from plugins.xmpp import names
from plugins.xmpp.elements import COMPONENT, fit
from plugins.xmpp.line import add, stanza
from plugins.xmpp.names import bare, is_jid

# Every server takes stanzas of 10,000 bytes (RFC 6120, 13.12); most take far more, none says how much.
MOST_BYTES = 7_000
_FEWEST_BYTES = 200  # a word that is longer than a part is torn where a letter ends


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of an answer."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One answer to one person."""

    id: str
    sender: str
    to: str
    texts: tuple[str, ...]
    files: tuple[File, ...]


def form_of(message: OutboundMessage, to: str, component: str) -> Payload:
    """Write an answer down; raises Refused when there is nobody to send it to."""
    theirs = bare(to)
    if not is_jid(theirs):
        raise Refused(N_("This is not an address of XMPP."))
    form = {
        "id": message.external_id,
        "from": _own_address(message, component),
        "to": theirs,
        "text": fit(message.text),
        "files": [
            {
                "name": fit(file.filename) or "file",
                "type": file.content_type,
                "content": base64.b64encode(file.content).decode(),
            }
            for file in message.files
        ],
    }
    return Payload(
        part=theirs,
        content=json.dumps(form, sort_keys=True).encode(),
        content_type="application/json",
        recipients=(to,),
    )


def letter_of(payload: Payload) -> Letter:
    """Read a form again."""
    form = json.loads(payload.content)
    return Letter(
        id=form["id"],
        sender=form["from"],
        to=form["to"],
        texts=tuple(parted(form["text"])),
        files=tuple(
            File(name=each["name"], kind=each["type"], content=base64.b64decode(each["content"]))
            for each in form["files"]
        ),
    )


def stanzas_of(letter: Letter, urls: tuple[str, ...]) -> list[Element]:
    """Make the stanzas: the words, then each file by its address.

    The first has the delivery's id, and the last asks for receipts: it comes after all others.
    """
    contents = [(text, "") for text in letter.texts] + [(url, url) for url in urls]
    made = []
    for number, (text, url) in enumerate(contents):
        name = f"{letter.id}#{number}" if number else letter.id
        each = stanza("message", sender=letter.sender, to=letter.to, type="chat", id=name)
        add(each, "body", COMPONENT, text)
        if url:
            add(add(each, "x", names.OOB), "url", names.OOB, url)
        add(each, "origin-id", names.STABLE_IDS, id=name)
        made.append(each)
    if made:
        add(made[-1], "request", names.RECEIPTS)
        add(made[-1], "markable", names.MARKERS)
    return made


def parted(text: str) -> Iterator[str]:
    """Part a long text between words, each part small enough for any server; loses no letter."""
    rest = text
    while len(rest.encode()) > MOST_BYTES:
        most = len(rest.encode()[:MOST_BYTES].decode(errors="ignore"))
        cut = max(rest.rfind(mark, 0, most) for mark in ("\n", " ")) + 1
        if len(rest[:cut].encode()) < _FEWEST_BYTES:
            cut = _letter_end(rest, most)
        yield rest[:cut]
        rest = rest[cut:]
    if rest.strip():
        yield rest


def _letter_end(text: str, most: int) -> int:
    """Step back from the middle of what is seen as one letter: joined emoji, accents, variants."""
    cut = most
    while cut > 1 and (_joins(text[cut : cut + 1]) or text[cut - 1] == "\u200d"):
        cut -= 1
    return cut if cut > 1 else most


def _joins(letter: str) -> bool:
    import unicodedata  # noqa: PLC0415  a large table, for words longer than a page only

    return bool(letter) and (
        letter in "\u200d\ufe0f"
        or unicodedata.combining(letter) != 0
        or "\U0001f3fb" <= letter <= "\U0001f3ff"
    )


def _own_address(message: OutboundMessage, component: str) -> str:
    """Answer from the address that was written to; begin a conversation from the account's."""
    ours = message.conversation.partition(" ")[0]
    for candidate in (ours, bare(message.sender.value)):
        if candidate == component or candidate.endswith(f"@{component}"):
            return candidate
    return component
