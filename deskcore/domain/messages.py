"""Messages on their way in and out, as plain frozen values shared by core and channels.

Text is Unicode without NUL and without lone surrogates; times are aware UTC. HTML is untrusted
unless its name says otherwise: it is cleaned when shown, never before it is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Address:
    """A mail address or handle with the name its owner gave it; ``value`` is canonical."""

    value: str
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name} <{self.value}>" if self.name else self.value


def address_in(shown: str) -> str:
    """Return the bare address of an ``Address`` that was written as text.

    A stranger chose the name: a comma or an address in it must not become a recipient.
    """
    return shown.rpartition("<")[2].removesuffix(">") if shown.endswith(">") else shown


@dataclass(frozen=True, kw_only=True)
class InboundFile:
    """A file that came with a message: safe display name, type decided by us, bytes in memory.

    ``content_id`` is bare (no angle brackets). ``inline`` is True only when the HTML refers to it.
    """

    filename: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, kw_only=True)
class AttachmentRef:
    """A file that a platform keeps for us, by id or by a URL that expires.

    ``size`` is what the platform says, 0 when it does not.
    """

    ref: str
    filename: str = ""
    content_type: str = ""
    size: int = 0


@dataclass(frozen=True, kw_only=True)
class ThreadKeys:
    """What ties a message to a conversation, strongest first in ``token``, then ``references``.

    ``own`` is this message's own id (bare). ``references`` is oldest first, In-Reply-To last.
    ``token`` is a signed reply token of ours, found in an address or in a reference.
    """

    own: str = ""
    references: tuple[str, ...] = ()
    conversation: str | None = None
    tokens: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class InboundMessage:
    """What somebody said to the desk, decoded but not trusted.

    ``text`` is everything as plain text; ``visible`` is what is shown at first glance and
    ``quoted`` what is folded below it (``visible`` is never empty when ``text`` is not).
    ``html`` is the original markup, untrusted; it is folded by the words of ``quoted`` when shown.
    ``warnings`` say in words what could not be read. ``awaited`` are files that the platform keeps:
    they are fetched after the message was filed (``Fetching``). ``kind`` names the kind of ticket it
    opens: one that the channel's own plugin brings, "" for a question. ``group`` is what the pieces
    of one message have in common where a network brings it in several (an album): they become one.
    """

    external_id: str
    sender: Address
    subject: str = ""
    text: str = ""
    visible: str = ""
    quoted: str = ""
    html: str = ""
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    files: tuple[InboundFile, ...] = ()
    awaited: tuple[AttachmentRef, ...] = ()
    sent_at: datetime | None = None
    keys: ThreadKeys = ThreadKeys()
    original_sender: Address | None = None
    is_auto: bool = False
    is_bulk: bool = False
    is_own: bool = False
    verified: bool | None = None
    warnings: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    kind: str = ""
    group: str = ""


@dataclass(frozen=True, kw_only=True)
class DeliveryReport:
    """News about a message we sent earlier: bounced, delayed, delivered, read, refused.

    ``references`` are ids of ours the report speaks of, best first; ``recipients`` the addresses
    it concerns, as we wrote to them. ``status`` is one of ``bounced delayed delivered read``.
    """

    status: str
    references: tuple[str, ...] = ()
    tokens: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    detail: str = ""
    message: InboundMessage | None = None


@dataclass(frozen=True, kw_only=True)
class InboundChange:
    """A change to an earlier message: edit, unsend, redaction, reaction, unreaction.

    ``target`` is the id of that message (``ThreadKeys.own``, or the id given when we sent it).
    ``content`` is the whole new text of an edit, or the sign of a reaction ("" takes back all of
    *sender*). An edit, unsend or redaction counts for messages to the desk only.
    """

    kind: str
    target: str
    at: datetime | None = None
    content: str = ""
    sender: Address | None = None


@dataclass(frozen=True, kw_only=True)
class Ignored:
    """The item means nothing for a person (a protocol echo, an empty push); says why."""

    reason: str


Inbound = InboundMessage | DeliveryReport | InboundChange | Ignored


@dataclass(frozen=True, kw_only=True)
class OutboundFile:
    """A file to send; ``content_id`` marks one the HTML refers to."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True, kw_only=True)
class OutboundMessage:
    """What the desk says, complete and frozen: the same value renders to the same bytes.

    ``external_id`` (the Message-ID, bare) and ``token`` are given by core before rendering;
    ``references`` is oldest first and ends with the message answered. ``automatic`` marks an
    acknowledgement, which must carry loop headers; without a ``ticket_number`` it is the desk's own
    mail to one of its people. ``html`` is safe (made by core from ``text``). ``conversation`` is the
    one of ``ThreadKeys`` that the answer belongs to.
    """

    external_id: str
    token: str
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str = ""
    text: str = ""
    html: str = ""
    references: tuple[str, ...] = ()
    files: tuple[OutboundFile, ...] = ()
    sent_at: datetime
    automatic: bool = False
    desk_id: str = ""
    ticket_number: int = 0
    conversation: str = ""
