"""Tickets and what hangs on them; everything a list shows stands on the ticket's own row."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Numeric, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from deskcore.db import WHERE, Base, BigId
from deskcore.domain.kinds import QUESTION

OF_A_PLUGIN = f"kind <> '{QUESTION}'"
LISTED = "spam_at IS NULL AND deleted_at IS NULL AND merged_into_id IS NULL"


class Status(Base):
    """A name for one of the four categories; built-in ones are labelled through gettext by key.

    ``kind`` says which tickets it is for; the key of one that a plugin's kind brings begins with it.
    """

    __tablename__ = "status"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(90), unique=True)
    kind: Mapped[str] = mapped_column(String(40), default=QUESTION)
    label: Mapped[str] = mapped_column(String(80), default="")
    labels: Mapped[dict[str, object]] = mapped_column(default=dict)
    category: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(default=0)
    is_builtin: Mapped[bool] = mapped_column(default=False)


class TicketKind(Base):
    """A kind of tickets that a plugin brought: what is known of it while the plugin is away.

    ``is_guarded`` says that no answer may leave unless the plugin's rules are known.
    """

    __tablename__ = "ticket_kind"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    label: Mapped[str] = mapped_column(String(80))
    is_guarded: Mapped[bool] = mapped_column(default=False)


class Ticket(Base):
    """A conversation with a status.

    ``number`` is what people see. ``category`` copies the status's category. ``list_at`` is since
    when it waits on whoever it waits on, and orders every list. ``preview``, ``customer_name``
    and ``message_count`` are kept by the services so that a list reads one table.
    """

    __tablename__ = "ticket"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    number: Mapped[int] = mapped_column(BigId, unique=True)
    kind: Mapped[str] = mapped_column(String(40), default=QUESTION)
    subject: Mapped[str] = mapped_column(Text, default="")
    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id"))
    status_id: Mapped[int] = mapped_column(ForeignKey("status.id"))
    category: Mapped[str] = mapped_column(String(20))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("team.id", ondelete="SET NULL"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customer.id", ondelete="SET NULL"))
    priority: Mapped[int] = mapped_column(default=3)
    channel: Mapped[str] = mapped_column(String(40), default="")
    customer_name: Mapped[str] = mapped_column(String(320), default="")
    preview: Mapped[str] = mapped_column(String(300), default="")
    message_count: Mapped[int] = mapped_column(default=0)
    has_files: Mapped[bool] = mapped_column(default=False)
    last_direction: Mapped[str] = mapped_column(String(8), default="")
    resembles_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="SET NULL"))
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id", ondelete="SET NULL"))
    is_sample: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    list_at: Mapped[datetime]
    last_message_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    solved_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    spam_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_ticket_open_list",
            "category",
            "list_at",
            "id",
            info={WHERE: LISTED},
        ),
        Index(
            "ix_ticket_assignee_list",
            "category",
            "assignee_id",
            "list_at",
            "id",
            info={WHERE: LISTED},
        ),
        Index(
            "ix_ticket_spam_list",
            "spam_at",
            "id",
            info={WHERE: "spam_at IS NOT NULL"},
        ),
        Index(
            "ix_ticket_kind_list",
            "kind",
            "category",
            "list_at",
            "id",
            info={WHERE: OF_A_PLUGIN},
        ),
        Index(None, "customer_id", "id"),
        Index(None, "mailbox_id", "id"),
        Index(None, "merged_into_id"),
        Index(None, "updated_at"),
    )


class TicketSequence(Base):
    """One row with the last number given; gaps are allowed, repeats are not."""

    __tablename__ = "ticket_sequence"

    id: Mapped[int] = mapped_column(primary_key=True)
    last_number: Mapped[int] = mapped_column(BigId)


class TicketLeg(Base):
    """Which way a ticket is answered: account, far conversation, customer identity, window."""

    __tablename__ = "ticket_leg"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("channel_account.id"))
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="SET NULL"))
    conversation: Mapped[str] = mapped_column(String(255), default="")
    open_until: Mapped[datetime | None]
    is_public: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    __table_args__ = (Index(None, "account_id", "conversation"),)


class TicketParticipant(Base):
    """An identity on a ticket: customer, cc, or unconfirmed (joined by a token, sees no history)."""

    __tablename__ = "ticket_participant"

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True
    )
    identity_id: Mapped[int] = mapped_column(
        ForeignKey("identity.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(20))
    __table_args__ = (Index(None, "identity_id"),)


class Tag(Base):
    """A word that tickets are marked with; stored folded and as written."""

    __tablename__ = "tag"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)
    label: Mapped[str] = mapped_column(String(60))


class TicketTag(Base):
    """One tag on one ticket."""

    __tablename__ = "ticket_tag"

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True
    )
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True)
    __table_args__ = (Index(None, "tag_id"),)


class TicketField(Base):
    """A custom field: text, number, date or option."""

    __tablename__ = "ticket_field"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    label: Mapped[str] = mapped_column(String(120))
    labels: Mapped[dict[str, object]] = mapped_column(default=dict)
    kind: Mapped[str] = mapped_column(String(10))
    position: Mapped[int] = mapped_column(default=0)


class TicketFieldOption(Base):
    """One choice of an option field."""

    __tablename__ = "ticket_field_option"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    field_id: Mapped[int] = mapped_column(ForeignKey("ticket_field.id", ondelete="CASCADE"))
    label: Mapped[str] = mapped_column(String(120))
    labels: Mapped[dict[str, object]] = mapped_column(default=dict)
    position: Mapped[int] = mapped_column(default=0)
    __table_args__ = (Index(None, "field_id"),)


class TicketFieldValue(Base):
    """The value of one field on one ticket, in the column of its kind."""

    __tablename__ = "ticket_field_value"

    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True
    )
    field_id: Mapped[int] = mapped_column(
        ForeignKey("ticket_field.id", ondelete="CASCADE"), primary_key=True
    )
    text_value: Mapped[str | None] = mapped_column(String(1000))
    number_value: Mapped[float | None] = mapped_column(Numeric(20, 6, asdecimal=False))
    date_value: Mapped[date | None]
    option_id: Mapped[int | None] = mapped_column(
        ForeignKey("ticket_field_option.id", ondelete="CASCADE")
    )
    __table_args__ = (
        Index(None, "field_id", "text_value", "ticket_id"),
        Index(None, "field_id", "number_value", "ticket_id"),
        Index(None, "field_id", "date_value", "ticket_id"),
        Index(None, "field_id", "option_id", "ticket_id"),
    )


class TicketCount(Base):
    """A change to how many tickets a bucket holds; a job folds the rows of a bucket into one.

    ``bucket`` is a category, or ``spam``. ``assignee_id`` is 0 for nobody.
    """

    __tablename__ = "ticket_count"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    mailbox_id: Mapped[int] = mapped_column(BigId)
    bucket: Mapped[str] = mapped_column(String(20))
    assignee_id: Mapped[int] = mapped_column(BigId, default=0)
    amount: Mapped[int]
    __table_args__ = (Index(None, "bucket", "mailbox_id", "assignee_id"),)


class TicketSeen(Base):
    """How far a user has read a ticket; rows without one are new to them."""

    __tablename__ = "ticket_seen"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True
    )
    ticket_id: Mapped[int] = mapped_column(
        ForeignKey("ticket.id", ondelete="CASCADE"), primary_key=True
    )
    message_id: Mapped[int] = mapped_column(BigId)
    __table_args__ = (Index(None, "ticket_id"),)


class TicketLink(Base):
    """Two tickets a person tied together (parent, related)."""

    __tablename__ = "ticket_link"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"))
    other_id: Mapped[int] = mapped_column(ForeignKey("ticket.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    __table_args__ = (UniqueConstraint("ticket_id", "other_id", "kind"),)
