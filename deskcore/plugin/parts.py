"""What hooks are given and what they give back: frozen values, never rows of the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Generic, TypeVar

from sqlalchemy.orm import Session

from deskcore.domain.events import DomainEvent
from deskcore.domain.kinds import Category, CustomerId, MailboxId, TicketId, Verdict

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Owned(Generic[T]):
    """Something a plugin gave, with the plugin's slug."""

    slug: str
    item: T


@dataclass(frozen=True, kw_only=True)
class TicketRef:
    """A ticket as hooks see one; ``kind`` is ``question`` unless a plugin brought it.

    ``status`` is a key: of a kind's flow ``slug.kind.status``.
    """

    id: TicketId
    number: int
    subject: str
    category: Category
    mailbox_id: MailboxId
    customer_id: CustomerId | None = None
    customer_name: str = ""
    kind: str = "question"
    status: str = ""


@dataclass(frozen=True, kw_only=True)
class ReplyDraft:
    """A reply that an agent wants to send, before anything is queued."""

    text: str
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    file_names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why something was decided: an English sentence, translated when shown, and its values.

    ``Reason(text=N_("Banned by %(name)s"), values={"name": "Jana"})``
    """

    text: str
    values: Mapping[str, str] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """Return it as events keep it."""
        values = {str(name): str(value) for name, value in self.values.items()}
        return {"text": str(self.text), "values": values}


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a plugin thinks of a message that came, and why; people read the reasons on the ticket.

    ``ACCEPT`` with reasons says that it looks like spam: it stays among the open tickets, gets no
    automatic answer, and the reasons are shown. What puts a ticket among the spam needs reasons:
    raises ValueError without any.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()

    def __post_init__(self) -> None:
        if self.verdict in {Verdict.SPAM, Verdict.BANNED} and not self.reasons:
            raise ValueError("A judgement that files a message as spam needs its reasons.")


@dataclass(frozen=True, kw_only=True)
class JobType:
    """Background work of a plugin: what runs the jobs called ``name`` (``slug.job``).

    ``run`` is given what was enqueued, by name, outside any transaction, and runs again when it
    raises, with growing delay; so it must bear that. With ``every`` it comes round by the clock,
    given nothing, at whole multiples since 1970: a turn that nobody was there to take is left out.
    """

    name: str
    run: Callable[..., None]
    every: timedelta | None = None


@dataclass(frozen=True, kw_only=True)
class CustomerRef:
    """A customer as hooks see one; ``addresses`` are those of mail, phone and networks."""

    id: CustomerId
    name: str
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Exported:
    """What a plugin keeps of a customer: plain JSON values, and files by name."""

    data: object
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class PrivacyHandler:
    """What a plugin keeps of customers (``label``, English), and how it is told and forgotten.

    ``export`` may give ``None`` for nothing. ``erase`` removes it through the session it is given,
    in the transaction that erases everything else, and returns how many things went.
    """

    name: str
    label: str
    export: Callable[[CustomerRef], Exported | None]
    erase: Callable[[Session, CustomerRef], int]


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A wish to be told of events, in the worker, after the commit, once each and in order.

    ``name`` is unique among all plugins and must never change: the desk remembers by it what was
    delivered. ``handle`` runs again when it raises, with growing delay, so it must bear that.
    """

    name: str
    events: tuple[type[DomainEvent], ...]
    handle: Callable[[DomainEvent], None]
