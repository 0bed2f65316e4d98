"""The events core records: ids and plain values only, JSON both ways.

A field may be added with a default; anything else needs a new ``version``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import ClassVar

TYPES: dict[str, type[DomainEvent]] = {}


@dataclass(frozen=True, kw_only=True)
class DomainEvent:
    """Something that happened; subclasses name it and carry its plain values.

    ``ticket_id``, ``customer_id`` and ``mailbox_id`` become columns of the event row; all other
    fields its data.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    ticket_id: int | None = None
    customer_id: int | None = None
    mailbox_id: int | None = None

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        TYPES[cls.name] = cls

    def data(self) -> dict[str, object]:
        """Return the fields that have no column of their own."""
        columns = {"ticket_id", "customer_id", "mailbox_id"}
        return {key: value for key, value in asdict(self).items() if key not in columns}

    @classmethod
    def restore(cls, name: str, **values: object) -> DomainEvent:
        """Build the event again from its stored name and values; unknown fields are dropped.

        Raises KeyError for a name no type was declared for.
        """
        kind = TYPES[name]
        known = {field.name for field in fields(kind)}
        return kind(**{key: value for key, value in values.items() if key in known})  # type: ignore[arg-type]  # stored by data()


@dataclass(frozen=True, kw_only=True)
class TicketOpened(DomainEvent):
    """A ticket came to be."""

    name: ClassVar[str] = "ticket.opened"
    channel: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketAssigned(DomainEvent):
    """A ticket was given to a user, or to nobody."""

    name: ClassVar[str] = "ticket.assigned"
    before_id: int | None = None
    after_id: int | None = None
    after_name: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketStatusChanged(DomainEvent):
    """A ticket's status changed; ``by_reply`` when a reply did it on the way."""

    name: ClassVar[str] = "ticket.status_changed"
    before: str = ""
    after: str = ""
    category: str = ""
    by_reply: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketReopened(DomainEvent):
    """A solved ticket was opened again because the customer wrote."""

    name: ClassVar[str] = "ticket.reopened"
    message_id: int = 0


@dataclass(frozen=True, kw_only=True)
class TicketTagged(DomainEvent):
    """Tags were put on or taken off."""

    name: ClassVar[str] = "ticket.tagged"
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class TicketFlagged(DomainEvent):
    """A ticket was marked as spam, deleted, or brought back; ``flag`` says which.

    With *reasons* it was not a person: the desk judged a message that came, as ``spam`` or only as
    ``suspicious``. A reason is an English sentence with its values, as ``deskcore.plugin.Reason``.
    """

    name: ClassVar[str] = "ticket.flagged"
    flag: str = ""
    is_set: bool = True
    reasons: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, kw_only=True)
class TicketMoved(DomainEvent):
    """A ticket went to another mailbox."""

    name: ClassVar[str] = "ticket.moved"
    before_id: int = 0
    after_name: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketRenamed(DomainEvent):
    """A ticket's subject was changed."""

    name: ClassVar[str] = "ticket.renamed"
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class TicketFieldChanged(DomainEvent):
    """A further field of a ticket, one that a plugin declares, was given another value."""

    name: ClassVar[str] = "ticket.field_changed"
    field: str = ""
    label: str = ""
    before: str = ""
    after: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageReceived(DomainEvent):
    """A customer's message was filed on a ticket."""

    name: ClassVar[str] = "message.received"
    message_id: int = 0
    channel: str = ""
    first: bool = False
    is_automatic: bool = False


@dataclass(frozen=True, kw_only=True)
class AnswerWithheld(DomainEvent):
    """A new ticket was not acknowledged: *address* has had as many automatic mails as it may."""

    name: ClassVar[str] = "answer.withheld"
    address: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageImages(DomainEvent):
    """Remote pictures of a message were asked for by somebody, or came."""

    name: ClassVar[str] = "message.images"
    message_id: int = 0


@dataclass(frozen=True, kw_only=True)
class MessageChanged(DomainEvent):
    """Somebody changed what was said: edit, unsend, redaction, reaction or unreaction.

    The kind ``file`` says that one which was awaited came, or will not.
    """

    name: ClassVar[str] = "message.changed"
    message_id: int = 0
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageNoted(DomainEvent):
    """A note was written for colleagues."""

    name: ClassVar[str] = "message.noted"
    message_id: int = 0


@dataclass(frozen=True, kw_only=True)
class ReplyQueued(DomainEvent):
    """A reply was pressed send on and waits out its undo window."""

    name: ClassVar[str] = "reply.queued"
    message_id: int = 0
    delivery_id: int = 0


@dataclass(frozen=True, kw_only=True)
class ReplyUndone(DomainEvent):
    """A queued reply was taken back; it is a draft again."""

    name: ClassVar[str] = "reply.undone"
    message_id: int = 0


@dataclass(frozen=True, kw_only=True)
class ReplySent(DomainEvent):
    """The far side took a message over."""

    name: ClassVar[str] = "reply.sent"
    message_id: int = 0
    delivery_id: int = 0


@dataclass(frozen=True, kw_only=True)
class ReplyFailed(DomainEvent):
    """A message will not go by itself any more, or may have gone without an answer (unsure)."""

    name: ClassVar[str] = "reply.failed"
    message_id: int = 0
    delivery_id: int = 0
    state: str = ""
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class ReplyReported(DomainEvent):
    """News of a sent message came back: delivered, read, delayed or bounced."""

    name: ClassVar[str] = "reply.reported"
    message_id: int = 0
    status: str = ""
    recipients: tuple[str, ...] = ()
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class CustomerCreated(DomainEvent):
    """Somebody wrote for the first time."""

    name: ClassVar[str] = "customer.created"


@dataclass(frozen=True, kw_only=True)
class ChannelPaused(DomainEvent):
    """A channel account cannot sign in and waits for a person."""

    name: ClassVar[str] = "channel.paused"
    account_id: int = 0
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class ChannelResumed(DomainEvent):
    """A channel account works again."""

    name: ClassVar[str] = "channel.resumed"
    account_id: int = 0
