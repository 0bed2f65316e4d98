"""Mailboxes and their connections, as the pages that manage them read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Health = Literal[
    "sample", "working", "new", "waiting", "failing", "sign_in_failed", "off", "unavailable"
]


@dataclass(frozen=True, kw_only=True)
class ConnectionView:
    """One channel account of a mailbox and how it is doing.

    ``backlog_state`` is empty, ``running`` or ``done``; ``backlog_count`` mails came in by it.
    ``renumbered_at`` is when its server lately gave mails that the desk has other numbers.
    ``hook_path`` is where its network pushes to, "" when it does not; ``refused_count`` of those
    pushes were not authentic since the last one that was.
    """

    id: int
    channel: str
    channel_label: str
    address: str
    health: Health
    problem: str
    last_received_at: datetime | None
    last_checked_at: datetime | None
    connected_at: datetime
    backlog_state: str
    backlog_count: int
    renumbered_at: datetime | None
    is_mail: bool = True
    has_backlog: bool = True
    hook_path: str = ""
    refused_count: int = 0
    refused_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class MailboxView:
    """One mailbox with everything its page shows and changes."""

    id: int
    name: str
    signature: str
    sends_acknowledgement: bool
    acknowledgement_subject: str
    acknowledgement_text: str
    undo_seconds: int
    raw_days: int
    is_sample: bool
    team_ids: frozenset[int]
    team_names: tuple[str, ...]
    connections: tuple[ConnectionView, ...]


@dataclass(frozen=True, kw_only=True)
class TestLine:
    """One step of a connection test: what was tried, what came of it, what to do."""

    name: str
    ok: bool
    message: str
    cure: str = ""


@dataclass(frozen=True, kw_only=True)
class TestView:
    """A connection test: waiting for the worker, or done with its lines.

    ``account_id`` is that of the connection being changed, 0 for a new one.
    """

    public_id: str
    channel: str
    address: str
    account_id: int
    mailbox_id: int
    is_done: bool
    lines: tuple[TestLine, ...]
    began_at: datetime

    @property
    def is_good(self) -> bool:
        """Whether every step went well."""
        return self.is_done and all(line.ok for line in self.lines)
