"""People of the desk, their teams and their signed-in browsers, as pages read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from deskcore.domain.people import Actor

PersonState = Literal["active", "invited", "deactivated"]
# What became of a mail with a link: on its way; no account to send from; everybody would read it.
Mailed = Literal["queued", "no_mailbox", "own_address"]


@dataclass(frozen=True, kw_only=True)
class SignedInUser:
    """Whoever this browser belongs to, with what pages need to know of their wishes.

    ``language`` and ``time_zone`` are empty when the desk's own are to be used. ``is_confirmed``
    says that the password was typed again a moment ago. ``seen_by`` is who really sits there while
    somebody looks at the desk as another: ``actor`` is that other, and nothing may be changed.
    """

    session_id: int
    actor: Actor
    email: str
    language: str
    time_zone: str
    theme: str
    density: str
    has_shortcuts: bool
    is_confirmed: bool = False
    seen_by: Actor | None = None


@dataclass(frozen=True, kw_only=True)
class HalfWay:
    """Somebody whose password was right and who is not in yet: a code or its set-up is missing."""

    session_id: int
    user_id: int
    email: str
    language: str
    awaits: Literal["code", "set_up"]


@dataclass(frozen=True, kw_only=True)
class FactorView:
    """How somebody's second factor stands; ``since`` is None when there is none."""

    since: datetime | None
    codes_left: int
    is_compulsory: bool


@dataclass(frozen=True, kw_only=True)
class TeamRef:
    """A team by name."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who works here or was invited to; ``open_tickets`` are those given to them."""

    id: int
    name: str
    email: str
    role: str
    state: PersonState
    teams: tuple[TeamRef, ...] = ()
    last_seen_at: datetime | None = None
    created_at: datetime | None = None
    open_tickets: int = 0
    has_second_factor: bool = False


@dataclass(frozen=True, kw_only=True)
class MailboxRef:
    """A mailbox by name."""

    id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class TeamView:
    """A team with who is in it and which mailboxes are open to it."""

    id: int
    name: str
    member_ids: frozenset[int]
    mailboxes: tuple[MailboxRef, ...]


@dataclass(frozen=True, kw_only=True)
class BrowserSession:
    """One signed-in browser of a user; ``is_current`` marks the one that asks."""

    id: int
    user_agent: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    is_current: bool


@dataclass(frozen=True, kw_only=True)
class IssuedLink:
    """A one-time link just made, and mailed if it could be; the token is known now and never again."""

    token: str
    email: str
    expires_at: datetime
    mailed: Mailed


@dataclass(frozen=True, kw_only=True)
class TokenView:
    """What a one-time link is for, as its page says it; nothing is used up by looking."""

    user_id: int
    email: str
    name: str
    role: str
    team_names: tuple[str, ...]
    issued_by: str
    is_expired: bool
