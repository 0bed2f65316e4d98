"""What was said, the files that came with it, and what is being written."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deskcore.db import Base, BigId


class Message(Base):
    """One thing said: in, out, or a note.

    ``audience`` says who may read it. ``visible`` and ``quoted`` hold the plain text, the second
    folded. ``html`` is the original markup, untrusted and cleaned only when shown.
    ``external_id`` is the bare Message-ID or the network's id, ``reference_ids`` those it answers.
    ``takes_no_answer`` marks what the desk must not answer by itself; ``report`` holds the status,
    recipients and detail of a delivery report. ``remote_images`` counts the pictures of ``html``
    that lie elsewhere; ``images_asked_at`` is set while they are being loaded, and ``image_load``
    holds what came of it: how many are ``shown``, and how many ``failed`` by problem.
    ``changed_at`` is when its writer last changed it (``MessageChange``), and ``awaited_files``
    counts files that are still to be fetched or could not be (``AwaitedFile``).
    """

    __tablename__ = "message"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    leg_id: Mapped[int | None] = mapped_column(ForeignKey("ticket_leg.id", ondelete="SET NULL"))
    direction: Mapped[str] = mapped_column(String(8))
    audience: Mapped[str] = mapped_column(String(20))
    author_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    author_identity_id: Mapped[int | None] = mapped_column(
        ForeignKey("identity.id", ondelete="SET NULL")
    )
    author_name: Mapped[str] = mapped_column(String(320), default="")
    author_address: Mapped[str] = mapped_column(String(320), default="")
    to_addresses: Mapped[list[str]] = mapped_column(default=list)
    cc_addresses: Mapped[list[str]] = mapped_column(default=list)
    subject: Mapped[str] = mapped_column(Text, default="")
    visible: Mapped[str] = mapped_column(Text, default="")
    quoted: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str | None] = mapped_column(Text)
    remote_images: Mapped[int] = mapped_column(default=0)
    images_asked_at: Mapped[datetime | None]
    image_load: Mapped[dict[str, object]] = mapped_column(default=dict)
    external_id: Mapped[str] = mapped_column(String(998), default="")
    reference_ids: Mapped[list[str]] = mapped_column(default=list)
    is_automatic: Mapped[bool] = mapped_column(default=False)
    takes_no_answer: Mapped[bool] = mapped_column(default=False)
    forwarded_from: Mapped[str] = mapped_column(String(320), default="")
    report: Mapped[dict[str, object]] = mapped_column(default=dict)
    is_verified: Mapped[bool | None]
    warnings: Mapped[list[str]] = mapped_column(default=list)
    reply_to: Mapped[list[str]] = mapped_column(default=list)
    sent_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    changed_at: Mapped[datetime | None]
    awaited_files: Mapped[int] = mapped_column(default=0)
    __table_args__ = (
        Index(None, "ticket_id", "id"),
        Index(None, "author_identity_id"),
    )


class MessageChange(Base):
    """What somebody did to a message after it was said: edit, unsend, redaction, reaction.

    ``before`` is the text an edit replaced. Without ``message_id`` it waits for its message, whose
    id has the digest ``target``. A reaction that was taken back has ``ended_at``.
    """

    __tablename__ = "message_change"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    item_id: Mapped[int | None] = mapped_column(
        ForeignKey("inbound_item.id", ondelete="SET NULL"), index=True
    )
    message_id: Mapped[int | None] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), index=True
    )
    target: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(20))
    author_name: Mapped[str] = mapped_column(String(320), default="")
    author_address: Mapped[str] = mapped_column(String(320), default="")
    content: Mapped[str] = mapped_column(Text, default="")
    before: Mapped[dict[str, object]] = mapped_column(default=dict)
    at: Mapped[datetime]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "account_id", "target"),)


class AwaitedFile(Base):
    """A file that a platform keeps for us; the row goes when it has come and is an attachment."""

    __tablename__ = "awaited_file"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    message_id: Mapped[int] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), index=True
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    ref: Mapped[str] = mapped_column(Text)
    filename: Mapped[str] = mapped_column(String(255), default="")
    content_type: Mapped[str] = mapped_column(String(120), default="")
    problem: Mapped[str] = mapped_column(Text, default="")
    tries: Mapped[int] = mapped_column(default=0)
    given_up_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class ThreadKey(Base):
    """An id that ties later messages to a ticket: Message-IDs both ways, far conversation ids."""

    __tablename__ = "thread_key"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"))
    is_ours: Mapped[bool] = mapped_column(default=False)
    __table_args__ = (
        UniqueConstraint("digest", "mailbox_id", "message_id"),
        Index(None, "message_id"),
    )


class Blob(Base):
    """Bytes stored once under their digest; a sweep removes those nobody refers to."""

    __tablename__ = "blob"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    size: Mapped[int] = mapped_column(BigId)
    created_at: Mapped[datetime] = mapped_column(index=True)


class Attachment(Base):
    """A file on a message or on a draft, served by a random public id.

    ``is_remote`` is a picture that the message only names: it was fetched from elsewhere since
    somebody wanted to see it, and ``content_id`` is the ``image_key`` of where it was.
    """

    __tablename__ = "attachment"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    message_id: Mapped[int | None] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), index=True
    )
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(ForeignKey("blob.digest"), index=True)
    filename: Mapped[str] = mapped_column(String(255))
    content_type: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(BigId)
    content_id: Mapped[str] = mapped_column(String(255), default="")
    is_inline: Mapped[bool] = mapped_column(default=False)
    is_remote: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    __table_args__ = (Index(None, "draft_id"),)


class Draft(Base):
    """What a user is writing; one per (ticket or new, user, mode). The server's copy is the draft.

    ``ticket_id`` 0 means a new ticket. ``version`` makes a stale save a 409.
    """

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(BigId, default=0)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    mode: Mapped[str] = mapped_column(String(8))
    version: Mapped[int] = mapped_column(default=1)
    body: Mapped[str] = mapped_column(Text, default="")
    to_addresses: Mapped[list[str]] = mapped_column(default=list)
    cc_addresses: Mapped[list[str]] = mapped_column(default=list)
    subject: Mapped[str] = mapped_column(Text, default="")
    mailbox_id: Mapped[int | None] = mapped_column(ForeignKey("mailbox.id", ondelete="SET NULL"))
    updated_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("ticket_id", "user_id", "mode"), Index(None, "user_id"))


class DraftReader(Base):
    """A colleague a draft is shared with."""

    __tablename__ = "draft_reader"

    draft_id: Mapped[int] = mapped_column(
        ForeignKey("draft.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
