"""What people write at the desk, as values between pages and services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

DraftMode = Literal["reply", "note", "new"]


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file a person adds; the name is as their browser said it, the type not believed."""

    filename: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class FileView:
    """A stored file as pages show it; ``public_id`` is its address under ``/files/``."""

    public_id: str
    filename: str
    content_type: str
    size: int
    is_inline: bool = False


@dataclass(frozen=True, kw_only=True)
class DraftView:
    """What somebody is writing; ``version`` 0 means nothing is stored yet."""

    id: int = 0
    mode: DraftMode = "reply"
    body: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    mailbox_id: int | None = None
    version: int = 0
    updated_at: datetime | None = None
    files: tuple[FileView, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DraftForm:
    """What is to be kept of a draft; ``version`` is the one the page was made from, 0 for none."""

    mode: DraftMode
    body: str
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    subject: str = ""
    mailbox_id: int | None = None
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class ReplyForm:
    """A reply somebody pressed send on.

    ``to`` and ``cc`` are addresses as typed; ``seen_upto`` the newest message they had seen;
    ``form_key`` is used once; ``files`` come on top of those the draft holds.
    """

    body: str
    to: Sequence[str]
    cc: Sequence[str] = ()
    status_key: str = "waiting_customer"
    seen_upto: int = 0
    form_key: str = ""
    files: Sequence[Upload] = ()
    send_anyway: bool = False


@dataclass(frozen=True, kw_only=True)
class NoteForm:
    """A note for colleagues."""

    body: str
    form_key: str = ""
    files: Sequence[Upload] = ()


@dataclass(frozen=True, kw_only=True)
class NewTicketForm:
    """A message the desk starts a ticket with; ``status_key`` is what it has afterwards."""

    mailbox_id: int
    to: Sequence[str]
    subject: str
    body: str
    cc: Sequence[str] = ()
    status_key: str = "waiting_customer"
    form_key: str = ""
    files: Sequence[Upload] = ()


@dataclass(frozen=True, kw_only=True)
class Queued:
    """A message that waits out its undo window; ``recipient`` is who to name on the page."""

    delivery_id: int
    number: int
    run_at: datetime
    recipient: str
