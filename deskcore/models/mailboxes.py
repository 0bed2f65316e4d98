"""Where work lands and how it is reached: mailboxes, channel accounts, access by team."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from deskcore.db import Base, BigId
from deskcore.domain.kinds import AccountState


class Mailbox(Base):
    """The container an owner thinks of ("Support"): access, signature, routing, retention."""

    __tablename__ = "mailbox"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    signature: Mapped[str] = mapped_column(Text, default="")
    sends_acknowledgement: Mapped[bool] = mapped_column(default=False)
    acknowledgement_subject: Mapped[str] = mapped_column(String(200), default="")
    acknowledgement_text: Mapped[str] = mapped_column(Text, default="")
    undo_seconds: Mapped[int] = mapped_column(default=10)
    raw_days: Mapped[int] = mapped_column(default=90)
    is_sample: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class MailboxTeam(Base):
    """A mailbox open to a team; owners and admins see every mailbox without a row."""

    __tablename__ = "mailbox_team"

    mailbox_id: Mapped[int] = mapped_column(
        ForeignKey("mailbox.id", ondelete="CASCADE"), primary_key=True
    )
    team_id: Mapped[int] = mapped_column(
        ForeignKey("team.id", ondelete="CASCADE"), primary_key=True
    )
    __table_args__ = (Index(None, "team_id"),)


def new_hook_key() -> str:
    """Return 128 random bits that name an account to platforms."""
    return secrets.token_urlsafe(16)


class ChannelAccount(Base):
    """One configured use of a channel: this mail address, that page.

    ``settings`` is plain JSON; ``secrets`` the encrypted rest. ``cursor`` is the channel's own.
    Nothing older than ``connected_at`` is ever answered automatically. ``fence`` grows with every
    lease, so that a fetcher that slept through its lease cannot write. ``hook_key`` ends the
    address of its webhook; ``refused_count`` pushes to it were not authentic.
    """

    __tablename__ = "channel_account"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id"), index=True)
    channel: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    address: Mapped[str] = mapped_column(String(320), index=True)
    settings: Mapped[dict[str, object]] = mapped_column(default=dict)
    secrets: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    state: Mapped[str] = mapped_column(String(20), default=AccountState.ACTIVE)
    problem: Mapped[str] = mapped_column(Text, default="")
    failures: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[str | None] = mapped_column(Text)
    backlog_state: Mapped[str] = mapped_column(String(20), default="")
    backlog_cursor: Mapped[str | None] = mapped_column(Text)
    backlog_count: Mapped[int] = mapped_column(default=0)
    generation: Mapped[int] = mapped_column(default=1)
    lease_owner: Mapped[str] = mapped_column(String(64), default="")
    lease_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    hook_key: Mapped[str] = mapped_column(String(43), unique=True, default=new_hook_key)
    refused_count: Mapped[int] = mapped_column(default=0)
    refused_at: Mapped[datetime | None]
    connected_at: Mapped[datetime]
    last_received_at: Mapped[datetime | None]
    last_checked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ConnectionTest(Base):
    """Settings of a channel account that are tried before they are kept, and what came of it.

    Without ``account_id`` it is for a new mailbox. Rows live for a day.
    """

    __tablename__ = "connection_test"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(43), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("channel_account.id", ondelete="CASCADE")
    )
    channel: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(320))
    settings: Mapped[dict[str, object]] = mapped_column(default=dict)
    secrets: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    result: Mapped[dict[str, object]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(index=True)
    finished_at: Mapped[datetime | None]
