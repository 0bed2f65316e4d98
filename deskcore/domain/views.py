"""What pages are given to read: frozen, plain, and without a way to change anything.

Rows come from queries, never from live database objects; whatever a person may not see is not
in them. Times are aware UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from deskcore.domain.writing import DraftView, FileView

if TYPE_CHECKING:
    from deskcore.domain.flows import Flow


class TicketRow(NamedTuple):
    """One ticket in a list. ``status`` is a key; ``own_status`` the label of a status people made.

    ``at`` orders the list it stands in: since when it waits, or when it was put away. A tuple, and
    in the order of the query's columns: a page makes and compares fifty of them.
    """

    id: int
    number: int
    subject: str
    customer_name: str
    preview: str
    channel: str
    category: str
    message_count: int
    has_files: bool
    is_spam: bool
    is_deleted: bool
    at: datetime
    status: str
    own_status: str
    assignee_name: str
    is_unread: bool
    has_draft: bool
    kind: str


@dataclass(frozen=True, kw_only=True)
class TicketList:
    """A page of a view: ``before`` and ``after`` are the cursors of its neighbours, "" for none.

    ``kind`` is the only kind of tickets in it, "" for all.
    """

    view: str
    newest_first: bool
    rows: tuple[TicketRow, ...]
    before: str = ""
    after: str = ""
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an open ticket stands in the list it was opened from; numbers are 0 for none.

    ``count`` is how many stand on that page of the list, ``has_more`` that there are further pages.
    """

    view: str
    count: int = 0
    has_more: bool = False
    position: int = 0
    previous_number: int = 0
    next_number: int = 0


class Choice(NamedTuple):
    """Something to choose in a menu; ``is_current`` when it is chosen now."""

    id: int
    key: str
    label: str
    category: str = ""
    is_current: bool = False


class DeliveryView(NamedTuple):
    """How far an outgoing message has come; ``run_at`` is when it goes, while queued."""

    id: int
    state: str
    detail: str
    tries: int
    run_at: datetime
    sent_at: datetime | None
    is_automatic: bool


class ImagesView(NamedTuple):
    """Pictures of a message that lie elsewhere: what is shown of them.

    ``total`` is about how many there are, ``failed`` how many could not be loaded, by problem. Without
    ``is_loading`` or ``is_loaded`` nobody has asked for them.
    """

    total: int = 0
    shown: int = 0
    failed: tuple[tuple[str, int], ...] = ()
    is_loading: bool = False
    is_loaded: bool = False


class ChangeView(NamedTuple):
    """What people did to a message later: what it said before, who put which sign on it.

    ``versions`` are (when it was replaced, text), oldest first; ``reactions`` are (sign, who).
    """

    is_withdrawn: bool = False
    versions: tuple[tuple[datetime, str], ...] = ()
    reactions: tuple[tuple[str, str], ...] = ()


class MessageView(NamedTuple):
    """One message of a thread; ``kind`` is customer, agent or note.

    ``is_html`` says that the body is shown in a frame from its own address. ``awaited`` are files
    that a network keeps: (name, what is wrong), the latter "" while they are being fetched.
    """

    id: int
    kind: Literal["customer", "agent", "note"]
    audience: str
    author_name: str
    author_address: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    reply_to: tuple[str, ...]
    visible: str
    quoted: str
    is_html: bool
    is_automatic: bool
    is_verified: bool | None
    is_unread: bool
    is_undone: bool
    warnings: tuple[str, ...]
    at: datetime
    files: tuple[FileView, ...] = ()
    delivery: DeliveryView | None = None
    has_raw: bool = False
    images: ImagesView = ImagesView()
    changes: ChangeView = ChangeView()
    awaited: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class EventLine:
    """Something that happened to the ticket, as the event says it; words are made by the page."""

    id: int
    name: str
    at: datetime
    actor_kind: str
    actor_name: str
    data: dict[str, object]


@dataclass(frozen=True, kw_only=True)
class AddressView:
    """One address of a customer or of somebody else on a ticket; ``role`` is "" for the former."""

    identity_id: int
    customer_id: int
    kind: str
    value: str
    name: str
    role: str
    is_bouncing: bool


@dataclass(frozen=True, kw_only=True)
class TicketLine:
    """A ticket in one line, as beside another one."""

    number: int
    subject: str
    category: str


@dataclass(frozen=True, kw_only=True)
class CustomerCard:
    """Who a ticket is from."""

    id: int
    name: str
    company_id: int | None
    company_name: str
    since: datetime
    notes: str
    addresses: tuple[AddressView, ...]
    others: tuple[TicketLine, ...]


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """Who a reply goes to unless the agent changes it, and from which address."""

    to: tuple[str, ...]
    cc: tuple[str, ...]
    name: str
    sender: str
    is_bouncing: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketPage:
    """Everything the page of one ticket shows; ``flow`` is that of a plugin's kind."""

    id: int
    number: int
    subject: str
    version: int
    kind: str
    category: str
    status: str
    own_status: str
    mailbox_id: int
    mailbox_name: str
    channel: str
    assignee_id: int | None
    is_spam: bool
    is_deleted: bool
    merged_into: int
    resembles: int
    created_at: datetime
    waiting_since: datetime | None
    message_count: int
    tags: tuple[str, ...]
    messages: tuple[MessageView, ...]
    has_earlier: bool
    events: tuple[EventLine, ...]
    seen_upto: int
    recipients: Recipients
    customer: CustomerCard | None
    people: tuple[AddressView, ...]
    drafts: dict[str, DraftView]
    statuses: tuple[Choice, ...]
    agents: tuple[Choice, ...]
    mailboxes: tuple[Choice, ...]
    flow: Flow | None = None

    @property
    def has_unread(self) -> bool:
        """Whether the reader has not seen all that customers wrote."""
        return any(message.is_unread for message in self.messages)

    @property
    def is_loading_images(self) -> bool:
        """Whether pictures of some message are on their way."""
        return any(message.images.is_loading for message in self.messages)


@dataclass(frozen=True, kw_only=True)
class CustomerPage:
    """A customer with everything known; ``tickets`` only those the reader may see."""

    id: int
    name: str
    notes: str
    locale: str
    since: datetime
    company_id: int | None
    company_name: str
    addresses: tuple[AddressView, ...]
    tickets: tuple[TicketRow, ...]


@dataclass(frozen=True, kw_only=True)
class PersonLine:
    """A customer in one line; ``address`` is the first one known."""

    id: int
    name: str
    address: str
    company_name: str


@dataclass(frozen=True, kw_only=True)
class CompanyPage:
    """A company with its people and the tickets of them that the reader may see."""

    id: int
    name: str
    domains: tuple[str, ...]
    notes: str
    people: tuple[PersonLine, ...]
    tickets: tuple[TicketRow, ...]


@dataclass(frozen=True, kw_only=True)
class SearchPage:
    """What a search found. ``jump_to`` is a ticket the query named by number, 0 for none.

    ``is_loose`` says that nothing held the words whole, and beginnings were taken.
    """

    query: str
    rows: tuple[TicketRow, ...] = ()
    people: tuple[PersonLine, ...] = ()
    jump_to: int = 0
    is_loose: bool = False
    is_ranked: bool = False
    after: str = ""
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeliveryLine:
    """An outgoing message in the outbox.

    ``person_id`` is set on the desk's own mail to somebody; ``item_id`` is what came back about it.
    """

    id: int
    state: str
    detail: str
    tries: int
    run_at: datetime
    created_at: datetime
    sent_at: datetime | None
    ticket_number: int
    subject: str
    to: tuple[str, ...]
    author_name: str
    author_id: int | None
    is_automatic: bool
    person_id: int | None
    item_id: int | None


@dataclass(frozen=True, kw_only=True)
class InboundLine:
    """An incoming item that waits for a person."""

    id: int
    state: str
    reason: str
    size: int
    tries: int
    account_name: str
    mailbox_name: str
    received_at: datetime
    ticket_number: int


@dataclass(frozen=True, kw_only=True)
class AccountLine:
    """A channel account that does not work."""

    id: int
    name: str
    address: str
    mailbox_id: int
    mailbox_name: str
    state: str
    problem: str


@dataclass(frozen=True, kw_only=True)
class AttentionPage:
    """All that failed and waits for a person."""

    inbound: tuple[InboundLine, ...]
    deliveries: tuple[DeliveryLine, ...]
    accounts: tuple[AccountLine, ...]

    @property
    def count(self) -> int:
        """How many things wait."""
        return len(self.inbound) + len(self.deliveries) + len(self.accounts)
