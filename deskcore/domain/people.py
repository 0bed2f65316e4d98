"""Who does a thing, and how addresses of people are written in one way."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Literal

import idna

ActorKind = Literal["user", "customer", "plugin", "system"]

OWNER, ADMIN, AGENT, VIEWER = "owner", "admin", "agent", "viewer"
ROLES = (OWNER, ADMIN, AGENT, VIEWER)


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who does a thing: a user with their role, a customer, a plugin, or the system itself.

    ``id`` is the row id of the user or customer, 0 for the system; ``slug`` names a plugin.
    ``granted`` and ``refused`` are rights of plugins that somebody gave the role, or took from it.
    """

    kind: ActorKind
    id: int = 0
    role: str = ""
    name: str = ""
    slug: str = ""
    team_ids: frozenset[int] = field(default_factory=frozenset)
    granted: frozenset[str] = frozenset()
    refused: frozenset[str] = frozenset()

    @property
    def is_admin(self) -> bool:
        """Whether this is an owner or an admin."""
        return self.role in {OWNER, ADMIN}


SYSTEM = Actor(kind="system", name="Deskcore")


@dataclass(frozen=True, kw_only=True)
class UserRef:
    """A user as plugins see one."""

    id: int
    name: str
    role: str


@dataclass(frozen=True, kw_only=True)
class Permission:
    """A named right; ``roles`` have it unless an owner changes that."""

    name: str
    label: str
    roles: tuple[str, ...] = ROLES


def canonical_email(value: str) -> str:
    """Write a mail address in the one form it is stored and compared in.

    Trimmed, NFC, lower case, the domain in its ASCII (IDNA) form where that exists. Addresses
    that are not addresses come back trimmed and lower-cased, never as an error. Lower case, not
    folded: folding would make one of straße@ and strasse@, which two people may have.
    """
    value = unicodedata.normalize("NFC", value.strip().strip("<>").lower())
    local, at, domain = value.rpartition("@")
    domain = domain.rstrip(".")
    if not at or domain.isascii():
        return f"{local}{at}{domain}"
    try:
        return f"{local}@{idna.encode(domain, uts46=True).decode('ascii')}"
    except idna.IDNAError:
        return value
