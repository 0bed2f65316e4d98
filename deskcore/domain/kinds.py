"""Closed sets of the domain and the kinds of ids; stored in the database as their values."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

TicketId = NewType("TicketId", int)
MessageId = NewType("MessageId", int)
UserId = NewType("UserId", int)
CustomerId = NewType("CustomerId", int)
MailboxId = NewType("MailboxId", int)
AccountId = NewType("AccountId", int)

QUESTION = "question"  # the kind of all tickets that no plugin brought


class Category(StrEnum):
    """What a status means to clocks, views and reports; statuses are names for these four."""

    OPEN = "open"
    WAITING_CUSTOMER = "waiting_customer"
    WAITING_OTHERS = "waiting_others"
    SOLVED = "solved"


class Direction(StrEnum):
    """Which way a message went."""

    IN = "in"
    OUT = "out"
    NOTE = "note"


class Audience(StrEnum):
    """Who may read a message; public pages, exports and outgoing mail select by it."""

    CUSTOMER = "customer"
    INTERNAL = "internal"
    THIRD_PARTY = "third_party"


class InboundState(StrEnum):
    """How far a stored raw item has come; only FAILED and HELD wait for a person."""

    STORED = "stored"
    FILED = "filed"
    IGNORED = "ignored"
    DUPLICATE = "duplicate"
    HELD = "held"
    FAILED = "failed"


class DeliveryState(StrEnum):
    """How far an outbound message has come; UNSURE means it may or may not have been sent."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    BOUNCED = "bounced"
    FAILED = "failed"
    UNSURE = "unsure"
    SET_ASIDE = "set_aside"
    CANCELLED = "cancelled"


class IdentityKind(StrEnum):
    """What sort of address a customer is known by."""

    EMAIL = "email"
    PHONE = "phone"
    HANDLE = "handle"


class Verdict(StrEnum):
    """What to do with an inbound message, mildest first; never "drop".

    SPAM opens a ticket among the spam, but lets a message join the ticket it answers; BANNED does
    not even that.
    """

    ACCEPT = "accept"
    SPAM = "spam"
    LOOP = "loop"
    HOLD = "hold"
    BANNED = "banned"


class AccountState(StrEnum):
    """Whether a channel account is at work."""

    ACTIVE = "active"
    OFF = "off"
    SIGN_IN_FAILED = "sign_in_failed"


class JobState(StrEnum):
    """A job row exists until its work is done."""

    READY = "ready"
    RUNNING = "running"
    FAILED = "failed"


class ThemeState(StrEnum):
    """Where a theme is in its life; at most one is ACTIVE, and SUSPENDED ones failed too often."""

    FOUND = "found"
    ACTIVE = "active"
    INVALID = "invalid"
    INCOMPATIBLE = "incompatible"
    SUSPENDED = "suspended"


class PluginState(StrEnum):
    """Where a plugin is in its life cycle."""

    INACTIVE = "inactive"
    ACTIVE = "active"
    QUARANTINED = "quarantined"
    PAUSED = "paused"
    MISSING = "missing"
    INVALID = "invalid"
    INCOMPATIBLE = "incompatible"
