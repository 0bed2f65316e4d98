"""What hooks are given and what they give back: frozen values, never rows of the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from markupsafe import Markup

from deskcore.domain.events import DomainEvent
from deskcore.domain.kinds import Category, CustomerId, MailboxId, TicketId

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Owned(Generic[T]):
    """Something a plugin gave, with the plugin's slug."""

    slug: str
    item: T


@dataclass(frozen=True, kw_only=True)
class TicketRef:
    """A ticket as hooks see one."""

    id: TicketId
    number: int
    subject: str
    category: Category
    mailbox_id: MailboxId
    customer_id: CustomerId | None = None
    customer_name: str = ""


@dataclass(frozen=True, kw_only=True)
class ReplyDraft:
    """A reply that an agent wants to send, before anything is queued."""

    text: str
    to: tuple[str, ...]
    cc: tuple[str, ...] = ()
    file_names: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A box beside a ticket. ``body`` is escaped when it is plain text; lower ``order`` is higher."""

    title: str
    body: str | Markup
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A wish to be told of events, in the worker, after the commit, once each and in order.

    ``name`` is unique among all plugins and must never change: the desk remembers by it what was
    delivered. ``handle`` runs again when it raises, with growing delay, so it must bear that.
    """

    name: str
    events: tuple[type[DomainEvent], ...]
    handle: Callable[[DomainEvent], None]
